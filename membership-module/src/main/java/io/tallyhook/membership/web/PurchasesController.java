package io.tallyhook.membership.web;

import io.tallyhook.membership.Memberships;
import io.tallyhook.membership.Plan;
import io.tallyhook.membership.Purchase;
import io.tallyhook.payment.PayWith;
import io.tallyhook.payment.PaymentView;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/membership-purchases")
class PurchasesController {

    private final Memberships memberships;

    PurchasesController(Memberships memberships) {
        this.memberships = memberships;
    }

    record PurchaseBody(
            @NotNull
            @Pattern(regexp = UserId.PATTERN, message = "must be 1 to 64 characters of 0-9 A-Z a-z _ . @ : -")
            @Nullable
            String userId,

            @NotNull
            @Pattern(
                    regexp = Plan.CODE,
                    message = "must be 1 to 64 characters of 0-9 A-Z a-z _ . - and begin with a letter or digit")
            @Nullable
            String planCode) {}

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    PurchaseView buy(@RequestAttribute(RequestId.ATTRIBUTE) RequestId id, @Valid @RequestBody PurchaseBody body) {
        var user = new UserId(Objects.requireNonNull(body.userId()));
        return view(memberships.buy(id, user, Objects.requireNonNull(body.planCode())));
    }

    @GetMapping("/{purchaseNo}")
    PurchaseView purchase(@PathVariable String purchaseNo) {
        return view(memberships.purchase(purchaseNo));
    }

    @PostMapping("/{purchaseNo}/payments")
    @ResponseStatus(HttpStatus.CREATED)
    PaymentView pay(
            @RequestAttribute(RequestId.ATTRIBUTE) RequestId id,
            @PathVariable String purchaseNo,
            @Valid @RequestBody PayWith how) {
        return PaymentView.of(memberships.pay(id, purchaseNo, how.channel()));
    }

    private PurchaseView view(Purchase purchase) {
        return PurchaseView.of(purchase, memberships.payments(purchase.purchaseNo()));
    }
}
