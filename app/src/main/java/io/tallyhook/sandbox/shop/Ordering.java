package io.tallyhook.sandbox.shop;

import java.util.List;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** Creates the order, recharge or membership purchase that is then paid. */
@Component
@ConditionalOnProperty("tallyhook.sandbox.enabled")
class Ordering {

    private final MerchantApi api;

    Ordering(MerchantApi api) {
        this.api = api;
    }

    /** @param key the same for a repeat, which then orders nothing a second time */
    Ordered order(String key, String user, Offer offer, String title, int quantity) {
        var kind = offer.kind();
        var made = api.post(key, kind.path(), request(user, offer, title, quantity));
        return new Ordered(user, kind, Payments.text(made, kind.numberField()), title);
    }

    private static Map<String, ?> request(String user, Offer offer, String title, int quantity) {
        return switch (offer.kind()) {
            case GOODS -> Map.of("userId", user, "items", List.of(item(offer, title, quantity)));
            case RECHARGE -> Map.of("userId", user, "packageCode", offer.code());
            case MEMBERSHIP -> Map.of("userId", user, "planCode", offer.code());
        };
    }

    private static Map<String, ?> item(Offer offer, String title, int quantity) {
        return Map.of("sku", offer.code(), "name", title, "quantity", quantity, "unitAmount", offer.amount());
    }
}
