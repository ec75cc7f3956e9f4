package io.tallyhook.sandbox.shop;

import io.tallyhook.sandbox.simulator.ProviderSimulator;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** What the shop can ask and do about a payment. */
@Component("sandboxPayments")
@ConditionalOnProperty("tallyhook.sandbox.enabled")
class Payments {

    private static final Pattern NUMBER = Pattern.compile("[0-9A-Za-z_-]{6,32}");

    private final MerchantApi api;
    private final Balances balances;
    private final ProviderSimulator simulator;

    Payments(MerchantApi api, Balances balances, ProviderSimulator simulator) {
        this.api = api;
        this.balances = balances;
        this.simulator = simulator;
    }

    /** Empty if Tallyhook knows no such payment; what cannot be the number of one is not asked for. */
    Optional<Progress> progress(String outTradeNo) {
        if (!NUMBER.matcher(outTradeNo).matches()) {
            return Optional.empty();
        }
        return api.find("/payments/" + outTradeNo).map(this::progress);
    }

    void close(String outTradeNo) {
        api.post("/payments/" + outTradeNo + "/close", Map.of());
    }

    private Progress progress(JsonNode payment) {
        var outTradeNo = text(payment, "outTradeNo");
        var fulfilled = text(payment, "fulfilment").equals("SUCCEEDED");
        return new Progress(
                outTradeNo,
                text(payment, "purpose"),
                given(payment),
                text(payment, "reference"),
                text(payment, "userId"),
                text(payment, "provider"),
                text(payment, "method"),
                text(payment, "state"),
                text(payment, "fulfilment"),
                text(payment, "fulfilmentReason"),
                payment.path("amount").asLong(0),
                payment.path("refundedAmount").asLong(0),
                simulator.attempts(outTradeNo),
                taken(payment),
                fulfilled ? Optional.of(got(payment)) : Optional.empty());
    }

    private List<WalletLine> taken(JsonNode payment) {
        return text(payment, "provider").equals(Progress.WALLET)
                ? balances.taken(text(payment, "userId"), text(payment, "reference"))
                : List.of();
    }

    private static String given(JsonNode payment) {
        return payment.path("creditedToWallet").asBoolean(false) ? "RECHARGE" : text(payment, "purpose");
    }

    private Progress.Got got(JsonNode payment) {
        return switch (given(payment)) {
            case "GOODS" ->
                new Progress.Got(text(api.get("/orders/" + text(payment, "reference")), "state"), 0, 0, null);
            case "RECHARGE" -> {
                var balance = balances.of(text(payment, "userId"));
                yield new Progress.Got("", balance.principal(), balance.bonus(), null);
            }
            default ->
                new Progress.Got("", 0, 0, time(api.get("/memberships/" + text(payment, "userId")), "expiresAt"));
        };
    }

    static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }

    static @Nullable Instant time(JsonNode node, String field) {
        try {
            var text = text(node, field);
            return text.isEmpty() ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
