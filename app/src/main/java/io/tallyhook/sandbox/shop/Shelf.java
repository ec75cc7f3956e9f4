package io.tallyhook.sandbox.shop;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** What the shop sells: articles of its own, and the recharge packages and membership plans of the merchant API. */
@Component
@ConditionalOnProperty("tallyhook.sandbox.enabled")
class Shelf {

    private static final List<Offer> ARTICLES = List.of(
            Offer.article("tea", 6800),
            Offer.article("mug", 3900),
            Offer.article("notebook", 2550),
            Offer.article("headphones", 29900));

    private static final Map<String, Map<String, Object>> SAMPLE_PACKAGES = Map.of(
            "recharge-50", Map.of("amount", 5000, "bonus", 0),
            "recharge-100", Map.of("amount", 10000, "bonus", 1000),
            "recharge-300", Map.of("amount", 30000, "bonus", 5000, "bonusExpiresAfterDays", 90));

    private static final Map<String, Map<String, Object>> SAMPLE_PLANS = Map.of(
            "vip-month", Map.of("name", "VIP 30", "amount", 2500, "days", 30),
            "vip-quarter", Map.of("name", "VIP 90", "amount", 6800, "days", 90),
            "vip-year", Map.of("name", "VIP 365", "amount", 19800, "days", 365));

    private final MerchantApi api;

    Shelf(MerchantApi api) {
        this.api = api;
    }

    List<Offer> articles() {
        return ARTICLES;
    }

    List<Offer> packages() {
        return stocked("/recharge-packages", "packageCode", SAMPLE_PACKAGES)
                .map(item -> new Offer(
                        Purchase.Kind.RECHARGE,
                        item.path("packageCode").asString(""),
                        "",
                        item.path("amount").asLong(0),
                        item.path("bonus").asLong(0),
                        0))
                .sorted(Comparator.comparingLong(Offer::amount))
                .toList();
    }

    List<Offer> plans() {
        return stocked("/membership-plans", "planCode", SAMPLE_PLANS)
                .map(item -> new Offer(
                        Purchase.Kind.MEMBERSHIP,
                        item.path("planCode").asString(""),
                        item.path("name").asString(""),
                        item.path("amount").asLong(0),
                        0,
                        item.path("days").asInt(0)))
                .sorted(Comparator.comparingLong(Offer::amount))
                .toList();
    }

    Optional<Offer> find(Purchase.Kind kind, String code) {
        var offers = switch (kind) {
            case GOODS -> articles();
            case RECHARGE -> packages();
            case MEMBERSHIP -> plans();
        };
        return offers.stream().filter(offer -> offer.code().equals(code)).findFirst();
    }

    /**
     * What the catalog holds; samples that are missing are put in first, those that are there stay as they are. A module
     * that is not part of the application sells nothing.
     */
    private Stream<JsonNode> stocked(String path, String codeField, Map<String, Map<String, Object>> samples) {
        var known = items(path);
        if (known.isEmpty()) {
            return Stream.empty();
        }
        var codes = known.get().stream()
                .map(item -> item.path(codeField).asString(""))
                .collect(Collectors.toSet());
        var missing =
                samples.keySet().stream().filter(code -> !codes.contains(code)).toList();
        missing.forEach(code -> api.put(path + "/" + code, samples.getOrDefault(code, Map.of())));
        var stock = missing.isEmpty() ? known : items(path);
        return stock.orElse(List.of()).stream()
                .filter(item -> item.path("active").asBoolean(true));
    }

    private Optional<List<JsonNode>> items(String path) {
        return api.find(path + "?limit=200")
                .map(page -> page.path("items").valueStream().toList());
    }
}
