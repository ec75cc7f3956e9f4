package io.tallyhook.payment.provider.wire;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.provider.PaymentGateway.Order;
import java.net.URI;
import java.util.Map;
import java.util.Set;

/** Checks of an order that need no provider; each refusal names the field as the caller wrote it. */
public final class OrderFields {

    private OrderFields() {}

    /**
     * @param known the names of each method's own fields, by method
     * @throws Refusal (400) if the method or one of the fields is unknown, or the currency is not CNY
     */
    public static void check(Order order, Map<String, Set<String>> known) {
        var names = known.get(order.method());
        if (names == null) {
            throw Refusal.badField(
                    "method",
                    "must be one of " + known.keySet().stream().sorted().toList());
        }
        order.fields().keySet().stream()
                .filter(name -> !names.contains(name))
                .sorted()
                .findFirst()
                .ifPresent(name -> {
                    throw Refusal.badField(name, "is unknown to the method " + order.method());
                });
        if (!order.amount().currency().equals(Money.CNY)) {
            throw Refusal.badField("currency", "must be CNY");
        }
    }

    /** @throws Refusal (400) unless the field is there and matches */
    public static void require(Order order, String name, String pattern, String rule) {
        if (!order.fields().getOrDefault(name, "").matches(pattern)) {
            throw Refusal.badField(name, rule);
        }
    }

    /** @throws Refusal (400) if the field is there and is no web address */
    public static void checkAddress(Order order, String name) {
        var value = order.fields().get(name);
        if (value != null && !isAddress(value)) {
            throw Refusal.badField(name, "must be an http or https address of at most 256 characters");
        }
    }

    private static boolean isAddress(String value) {
        try {
            var uri = URI.create(value);
            return value.length() <= 256
                    && uri.getHost() != null
                    && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()));
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
