package io.tallyhook.sandbox.shop;

import io.tallyhook.payment.Money;
import io.tallyhook.sandbox.simulator.ProviderSimulator;
import io.tallyhook.sandbox.simulator.SimulatedProvider;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Buys: creates the order, recharge or membership purchase, opens a payment for it, and writes it in the shop's book. */
@Component
@ConditionalOnProperty("tallyhook.sandbox.enabled")
class Checkout {

    private static final String ACCOUNT = "sandbox";

    private final MerchantApi api;
    private final ProviderSimulator simulator;
    private final PayerBrowser browser;
    private final Purchases purchases;
    private final Clock clock;

    Checkout(
            MerchantApi api,
            ProviderSimulator simulator,
            PayerBrowser browser,
            Purchases purchases,
            ObjectProvider<Clock> clock) {
        this.api = api;
        this.simulator = simulator;
        this.browser = browser;
        this.purchases = purchases;
        this.clock = clock.getIfAvailable(Clock::systemUTC);
    }

    /** Who orders at the provider. */
    enum OrderedBy {
        /** Tallyhook, by the provider's API. */
        TALLYHOOK,
        /** Tallyhook, and the payer is sent to a page of the provider. */
        PAGE,
        /** The shop itself; Tallyhook only awaits the callback. */
        SHOP
    }

    /**
     * Buys one thing.
     *
     * @param title how the customer reads it
     * @return the payment's number, to be paid at the provider
     */
    String buy(String user, Offer offer, String title, int quantity, SimulatedProvider provider, OrderedBy orderedBy) {
        var kind = offer.kind();
        var bought = api.post(kind.path(), request(user, offer, title, quantity));
        var number = bought.path(kind.numberField()).asString("");
        var payment = api.post(
                kind.path() + "/" + number + "/payments",
                Map.of("provider", provider.id(), "account", ACCOUNT, "method", method(provider, orderedBy)));
        var outTradeNo = payment.path("outTradeNo").asString("");
        var amount = payment.path("amount").asLong(0);
        purchases.add(new Purchase(user, kind, number, title, amount, provider.id(), outTradeNo, clock.instant()));
        arrange(payment, provider, outTradeNo, amount, orderedBy);
        return outTradeNo;
    }

    private void arrange(
            JsonNode payment, SimulatedProvider provider, String outTradeNo, long amount, OrderedBy orderedBy) {
        switch (orderedBy) {
            case SHOP -> simulator.orderByHand(provider, outTradeNo, Money.fen(amount));
            case PAGE ->
                payment.path("payParams")
                        .valueStream()
                        .map(value -> value.asString(""))
                        .filter(value ->
                                value.startsWith(simulator.alipayGateway().toString()))
                        .forEach(browser::follow);
            case TALLYHOOK -> {}
        }
    }

    private static Map<String, ?> request(String user, Offer offer, String title, int quantity) {
        return switch (offer.kind()) {
            case GOODS ->
                Map.of(
                        "userId",
                        user,
                        "items",
                        List.of(Map.of(
                                "sku",
                                offer.code(),
                                "name",
                                title,
                                "quantity",
                                quantity,
                                "unitAmount",
                                offer.amount())));
            case RECHARGE -> Map.of("userId", user, "packageCode", offer.code());
            case MEMBERSHIP -> Map.of("userId", user, "planCode", offer.code());
        };
    }

    private static String method(SimulatedProvider provider, OrderedBy orderedBy) {
        return switch (orderedBy) {
            case SHOP -> "external";
            case PAGE -> provider == SimulatedProvider.ALIPAY ? "page" : "native";
            case TALLYHOOK -> provider == SimulatedProvider.ALIPAY ? "precreate" : "native";
        };
    }
}
