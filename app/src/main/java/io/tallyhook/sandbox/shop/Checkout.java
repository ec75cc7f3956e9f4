package io.tallyhook.sandbox.shop;

import io.tallyhook.payment.Money;
import io.tallyhook.sandbox.simulator.ProviderSimulator;
import io.tallyhook.sandbox.simulator.SimulatedProvider;
import java.time.Clock;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Buys: orders something, opens a payment for it, and writes it in the shop's book. */
@Component
@ConditionalOnProperty("tallyhook.sandbox.enabled")
class Checkout {

    private static final String ACCOUNT = "sandbox";

    private final MerchantApi api;
    private final Ordering ordering;
    private final ProviderSimulator simulator;
    private final PayerBrowser browser;
    private final Purchases purchases;
    private final Clock clock;

    Checkout(
            MerchantApi api,
            Ordering ordering,
            ProviderSimulator simulator,
            PayerBrowser browser,
            Purchases purchases,
            ObjectProvider<Clock> clock) {
        this.api = api;
        this.ordering = ordering;
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
     * Buys one thing that a provider collects.
     *
     * @param title how the customer reads it
     * @return the payment's number, to be paid at the provider
     */
    String buy(String user, Offer offer, String title, int quantity, SimulatedProvider provider, OrderedBy orderedBy) {
        var ordered = ordering.order(MerchantApi.newKey(), user, offer, title, quantity);
        var how = Map.of("provider", provider.id(), "account", ACCOUNT, "method", method(provider, orderedBy));
        var payment = api.post(ordered.payments(), how);
        var purchase = write(ordered, payment, provider.id());
        arrange(payment, provider, purchase.outTradeNo(), purchase.amount(), orderedBy);
        return purchase.outTradeNo();
    }

    /**
     * Buys one thing and pays it from the customer's balance.
     *
     * @param attempt of this one filled form: pressed twice, it buys once
     * @return the payment's number; it is paid
     * @throws ShopProblem if the balance does not hold that much; what was ordered then stays unpaid
     */
    String buyFromBalance(String attempt, String user, Offer offer, String title, int quantity) {
        return payFromBalance(attempt + "-pay", ordering.order(attempt + "-order", user, offer, title, quantity));
    }

    /**
     * Pays from the customer's balance.
     *
     * @param key the same for a repeat, which then pays nothing a second time
     * @return the payment's number; it is paid
     */
    String payFromBalance(String key, Ordered ordered) {
        var payment = api.post(key, ordered.payments(), Map.of("provider", Progress.WALLET, "method", "balance"));
        return write(ordered, payment, Progress.WALLET).outTradeNo();
    }

    private Purchase write(Ordered ordered, JsonNode payment, String provider) {
        var purchase = new Purchase(
                ordered.user(),
                ordered.kind(),
                ordered.number(),
                ordered.title(),
                payment.path("amount").asLong(0),
                provider,
                Payments.text(payment, "outTradeNo"),
                clock.instant());
        purchases.add(purchase);
        return purchase;
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

    private static String method(SimulatedProvider provider, OrderedBy orderedBy) {
        return switch (orderedBy) {
            case SHOP -> "external";
            case PAGE -> provider == SimulatedProvider.ALIPAY ? "page" : "native";
            case TALLYHOOK -> provider == SimulatedProvider.ALIPAY ? "precreate" : "native";
        };
    }
}
