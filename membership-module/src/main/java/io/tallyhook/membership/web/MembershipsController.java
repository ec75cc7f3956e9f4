package io.tallyhook.membership.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tallyhook.membership.Grant;
import io.tallyhook.membership.Membership;
import io.tallyhook.membership.Memberships;
import io.tallyhook.payment.UserId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/memberships")
class MembershipsController {

    private final Memberships memberships;

    MembershipsController(Memberships memberships) {
        this.memberships = memberships;
    }

    @GetMapping("/{userId}")
    MembershipView membership(@PathVariable String userId) {
        return MembershipView.of(memberships.of(new UserId(userId)));
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record MembershipView(
            String userId,
            boolean active,
            @Nullable String planCode,
            @Nullable Instant startsAt,
            @Nullable Instant expiresAt,
            List<GrantView> grants) {

        static MembershipView of(Membership membership) {
            return new MembershipView(
                    membership.userId().value(),
                    membership.active(),
                    membership.planCode(),
                    membership.startsAt(),
                    membership.expiresAt(),
                    membership.grants().stream().map(GrantView::of).toList());
        }
    }

    record GrantView(
            String purchaseNo, String outTradeNo, String planCode, int days, Instant startsAt, Instant expiresAt) {

        static GrantView of(Grant grant) {
            return new GrantView(
                    grant.purchaseNo(),
                    grant.outTradeNo(),
                    grant.planCode(),
                    grant.days(),
                    grant.startsAt(),
                    grant.expiresAt());
        }
    }
}
