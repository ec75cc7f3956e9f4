package io.tallyhook.membership.web;

import io.tallyhook.membership.Memberships;
import io.tallyhook.membership.Plan;
import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/membership-plans")
class PlansController {

    private final Memberships memberships;

    PlansController(Memberships memberships) {
        this.memberships = memberships;
    }

    @PutMapping("/{planCode}")
    ResponseEntity<PlanView> put(@PathVariable String planCode, @Valid @RequestBody PlanBody body) {
        var plan = body.plan(planCode);
        boolean isNew = memberships.put(plan);
        return ResponseEntity.status(isNew ? HttpStatus.CREATED : HttpStatus.OK).body(PlanView.of(plan));
    }

    @GetMapping
    Page<PlanView> plans(
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String cursor) {
        return memberships.plans(Paging.of(limit, cursor)).map(PlanView::of);
    }

    /** @param amount in minor units of the currency */
    record PlanView(String planCode, String name, long amount, String currency, int days, boolean active) {

        static PlanView of(Plan plan) {
            return new PlanView(
                    plan.planCode(),
                    plan.name(),
                    plan.amount().minorUnits(),
                    plan.amount().currency().getCurrencyCode(),
                    plan.days(),
                    plan.active());
        }
    }
}
