package io.tallyhook.sandbox.shop;

import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** What customers have in their wallets, and how it came and went, asked from the merchant API. */
@Component
@ConditionalOnProperty("tallyhook.sandbox.enabled")
class Balances {

    /** As many lines as the merchant API gives at once. */
    private static final int MOST = 200;

    private final MerchantApi api;

    Balances(MerchantApi api) {
        this.api = api;
    }

    /** @param principal and bonus in fen */
    record Balance(long principal, long bonus) {

        public long total() {
            return principal + bonus;
        }
    }

    Balance of(String user) {
        var wallet = api.get("/wallets/" + user);
        return new Balance(
                wallet.path("principal").asLong(0), wallet.path("bonus").asLong(0));
    }

    /** The statement, newest first. */
    List<WalletLine> lines(String user, int most) {
        return api.get("/wallets/%s/entries?limit=%d".formatted(user, most))
                .path("items")
                .valueStream()
                .map(Balances::line)
                .toList();
    }

    /** What paying for one thing took, of what is still among the newest lines. */
    List<WalletLine> taken(String user, String reference) {
        return lines(user, MOST).stream()
                .filter(line -> line.kind().equals("SPEND") && line.reference().equals(reference))
                .toList();
    }

    private static WalletLine line(JsonNode entry) {
        return new WalletLine(
                Payments.text(entry, "kind"),
                Payments.text(entry, "part"),
                entry.path("amount").asLong(0),
                entry.path("balance").asLong(0),
                Payments.text(entry, "reference"),
                Payments.time(entry, "bookedAt"));
    }
}
