package io.tallyhook.access.web;

import static java.util.Map.entry;

import io.tallyhook.access.Scope;
import io.tallyhook.payment.ApiResource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** Which scope a call of the merchant API needs. A call without a rule is open to nobody. */
@Component
class ApiScopes {

    /** Calls that need something else than their resource's own scope. */
    private static final List<Rule> SPECIAL = List.of(
            new Rule(HttpMethod.POST, "/api/v1/payments/{outTradeNo}/refunds", Scope.REFUNDS_WRITE),
            new Rule(HttpMethod.POST, "/api/v1/callbacks/{callbackId}/replay", Scope.CALLBACKS_REPLAY));

    /** The first part of the path, and the family of scopes it belongs to: the read one for GET, else the write one. */
    private static final Map<String, Family> FAMILIES = Map.ofEntries(
            entry("orders", new Family(Scope.ORDERS_READ, Scope.ORDERS_WRITE)),
            entry("recharges", new Family(Scope.RECHARGES_READ, Scope.RECHARGES_WRITE)),
            entry("membership-purchases", new Family(Scope.MEMBERSHIPS_READ, Scope.MEMBERSHIPS_WRITE)),
            entry("memberships", new Family(Scope.MEMBERSHIPS_READ, Scope.MEMBERSHIPS_WRITE)),
            entry("recharge-packages", new Family(Scope.CATALOG_READ, Scope.CATALOG_WRITE)),
            entry("membership-plans", new Family(Scope.CATALOG_READ, Scope.CATALOG_WRITE)),
            entry("payments", new Family(Scope.PAYMENTS_READ, Scope.PAYMENTS_WRITE)),
            entry("money-without-goods", new Family(Scope.PAYMENTS_READ, Scope.PAYMENTS_WRITE)),
            entry("wallets", new Family(Scope.WALLETS_READ, Scope.WALLETS_WRITE)),
            entry("callbacks", new Family(Scope.CALLBACKS_READ, Scope.CALLBACKS_WRITE)),
            entry("ledger", new Family(Scope.LEDGER_READ, Scope.LEDGER_WRITE)));

    private static final PathPattern RESOURCE = pattern("/api/v1/{resource}/{*rest}");

    private final Map<String, Family> families = new HashMap<>(FAMILIES);

    /**
     * @param added what further modules serve
     * @throws IllegalArgumentException if two serve the same, or scopes are named that do not exist
     */
    ApiScopes(List<ApiResource> added) {
        for (var resource : added) {
            if (families.putIfAbsent(resource.name(), Family.named(resource.scopes())) != null) {
                throw new IllegalArgumentException("/api/v1/%s is served twice".formatted(resource.name()));
            }
        }
    }

    /** The scope that a call needs; nothing if there is no such call. */
    Optional<Scope> required(String method, String path) {
        var place = PathContainer.parsePath(path);
        for (var rule : SPECIAL) {
            if (rule.method().matches(method) && rule.pattern().matches(place)) {
                return Optional.of(rule.scope());
            }
        }
        var match = RESOURCE.matchAndExtract(place);
        if (match == null) {
            return Optional.empty();
        }
        return Optional.ofNullable(families.get(match.getUriVariables().get("resource")))
                .flatMap(family -> family.scope(method));
    }

    private static PathPattern pattern(String path) {
        return PathPatternParser.defaultInstance.parse(path);
    }

    private record Rule(HttpMethod method, PathPattern pattern, Scope scope) {

        Rule(HttpMethod method, String path, Scope scope) {
            this(method, ApiScopes.pattern(path), scope);
        }
    }

    private record Family(Scope read, Scope write) {

        static Family named(String name) {
            return new Family(scope(name, "read"), scope(name, "write"));
        }

        private static Scope scope(String family, String kind) {
            return Arrays.stream(Scope.values())
                    .filter(scope -> scope.text().equals(family + ":" + kind))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("There is no scope %s:%s".formatted(family, kind)));
        }

        Optional<Scope> scope(String method) {
            return switch (method) {
                case "GET", "HEAD" -> Optional.of(read);
                case "POST", "PUT", "PATCH", "DELETE" -> Optional.of(write);
                default -> Optional.empty();
            };
        }
    }
}
