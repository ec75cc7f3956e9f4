package io.tallyhook.sandbox.shop;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** What a customer has: wallet, membership and purchases, asked from the merchant API. */
@Component
@ConditionalOnProperty("tallyhook.sandbox.enabled")
class CustomerAccounts {

    private static final int MOST = 20;

    /** @param state of the order, recharge or purchase; empty if it cannot be asked */
    record Line(Purchase purchase, String state) {}

    record Account(
            Balances.Balance balance,
            boolean member,
            @Nullable Instant memberUntil,
            List<WalletLine> entries,
            List<Line> purchases) {}

    private final MerchantApi api;
    private final Balances balances;
    private final Purchases purchases;

    CustomerAccounts(MerchantApi api, Balances balances, Purchases purchases) {
        this.api = api;
        this.balances = balances;
        this.purchases = purchases;
    }

    Account of(String user) {
        var membership = api.get("/memberships/" + user);
        return new Account(
                balances.of(user),
                membership.path("active").asBoolean(false),
                Payments.time(membership, "expiresAt"),
                balances.lines(user, MOST),
                purchases.of(user).stream().limit(MOST).map(this::line).toList());
    }

    private Line line(Purchase purchase) {
        var state = api.find(purchase.kind().path() + "/" + purchase.number())
                .map(found -> Payments.text(found, "state"))
                .orElse("");
        return new Line(purchase, state);
    }
}
