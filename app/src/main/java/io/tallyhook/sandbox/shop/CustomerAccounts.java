package io.tallyhook.sandbox.shop;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** What a customer has: wallet, membership and purchases, asked from the merchant API. */
@Component
@ConditionalOnProperty("tallyhook.sandbox.enabled")
class CustomerAccounts {

    private static final int MOST = 20;

    /** @param state of the order, recharge or purchase; empty if it cannot be asked */
    record Line(Purchase purchase, String state) {}

    /**
     * A line of the wallet.
     *
     * @param amount in fen, as the customer sees it
     * @param balance of that part after the line, in fen
     */
    record WalletLine(
            String kind,
            String part,
            long amount,
            long balance,
            @Nullable Instant at) {}

    /** @param principal and bonus in fen */
    record Account(
            long principal,
            long bonus,
            boolean member,
            @Nullable Instant memberUntil,
            List<WalletLine> entries,
            List<Line> purchases) {}

    private final MerchantApi api;
    private final Purchases purchases;

    CustomerAccounts(MerchantApi api, Purchases purchases) {
        this.api = api;
        this.purchases = purchases;
    }

    Account of(String user) {
        var wallet = api.get("/wallets/" + user);
        var membership = api.get("/memberships/" + user);
        var entries = api.get("/wallets/%s/entries?limit=%d".formatted(user, MOST));
        return new Account(
                wallet.path("principal").asLong(0),
                wallet.path("bonus").asLong(0),
                membership.path("active").asBoolean(false),
                Payments.time(membership, "expiresAt"),
                entries.path("items").valueStream().map(CustomerAccounts::line).toList(),
                purchases.of(user).stream().limit(MOST).map(this::line).toList());
    }

    private Line line(Purchase purchase) {
        var state = api.find(purchase.kind().path() + "/" + purchase.number())
                .map(found -> Payments.text(found, "state"))
                .orElse("");
        return new Line(purchase, state);
    }

    private static WalletLine line(JsonNode entry) {
        return new WalletLine(
                Payments.text(entry, "kind"),
                Payments.text(entry, "part"),
                entry.path("amount").asLong(0),
                entry.path("balance").asLong(0),
                Payments.time(entry, "bookedAt"));
    }
}
