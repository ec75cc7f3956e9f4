package io.tallyhook.admin;

import io.tallyhook.membership.Grant;
import io.tallyhook.membership.Memberships;
import io.tallyhook.membership.PurchaseFilter;
import io.tallyhook.membership.PurchaseState;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.UserId;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Who is a member until when, and what was bought for it. */
@Controller
@RequestMapping("/admin/memberships")
class MembershipPages {

    private final Memberships memberships;
    private final Clock clock;

    MembershipPages(Memberships memberships, Clock clock) {
        this.memberships = memberships;
        this.clock = clock;
    }

    /** A stretch of membership, and where it lies in time. */
    record Stretch(Grant grant, When when) {

        enum When {
            PAST,
            RUNNING,
            AHEAD
        }

        static Stretch of(Grant grant, Instant now) {
            if (!now.isBefore(grant.expiresAt())) {
                return new Stretch(grant, When.PAST);
            }
            return new Stretch(grant, now.isBefore(grant.startsAt()) ? When.AHEAD : When.RUNNING);
        }
    }

    @GetMapping
    String list(
            @RequestParam(required = false) @Nullable String user,
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(required = false) @Nullable String cursor,
            Model model) {
        var filter =
                new PurchaseFilter(Filled.constant(PurchaseState.class, state).orElse(null), Filled.text(user), null);
        model.addAttribute("page", memberships.purchases(filter, Paging.of(null, cursor)));
        model.addAttribute("states", PurchaseState.values());
        model.addAttribute("user", Filled.text(user));
        model.addAttribute("state", Filled.text(state));
        return "admin/memberships";
    }

    @GetMapping("/{userId}")
    String detail(@PathVariable String userId, Model model) {
        var user = new UserId(userId);
        var now = clock.instant();
        var membership = memberships.of(user);
        model.addAttribute("membership", membership);
        model.addAttribute("standing", standing(membership.active(), membership.grants()));
        model.addAttribute(
                "stretches",
                membership.grants().reversed().stream()
                        .map(grant -> Stretch.of(grant, now))
                        .toList());
        var purchases = memberships.purchases(new PurchaseFilter(null, user.value(), null), Paging.of(null, null));
        model.addAttribute("purchases", purchases);
        model.addAttribute(
                "refunded",
                purchases.items().stream().anyMatch(purchase -> purchase.state() == PurchaseState.REFUNDED));
        return "admin/membership";
    }

    private static String standing(boolean active, List<Grant> grants) {
        return active ? "ACTIVE" : grants.isEmpty() ? "NONE" : "EXPIRED";
    }
}
