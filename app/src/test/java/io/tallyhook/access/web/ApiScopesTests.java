package io.tallyhook.access.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.access.Scope;
import io.tallyhook.payment.ApiResource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which scope each call of the contract needs. */
class ApiScopesTests {

    private final ApiScopes scopes = new ApiScopes(List.of(new ApiResource("tickets", "orders")));

    @ParameterizedTest(name = "{0} {1} needs {2}")
    @CsvSource({
        "POST, /api/v1/orders, orders:write",
        "GET, /api/v1/orders/O1, orders:read",
        "HEAD, /api/v1/orders/O1, orders:read",
        "POST, /api/v1/orders/O1/ship, orders:write",
        "POST, /api/v1/orders/O1/payments, orders:write",
        "POST, /api/v1/recharges, recharges:write",
        "GET, /api/v1/recharges/R1, recharges:read",
        "POST, /api/v1/recharges/R1/payments, recharges:write",
        "POST, /api/v1/membership-purchases, memberships:write",
        "POST, /api/v1/membership-purchases/M1/payments, memberships:write",
        "GET, /api/v1/memberships/u1, memberships:read",
        "PUT, /api/v1/recharge-packages/p, catalog:write",
        "PUT, /api/v1/membership-plans/p, catalog:write",
        "GET, /api/v1/recharge-packages, catalog:read",
        "GET, /api/v1/membership-plans, catalog:read",
        "GET, /api/v1/payments/P1, payments:read",
        "GET, /api/v1/money-without-goods, payments:read",
        "POST, /api/v1/payments/P1/close, payments:write",
        "POST, /api/v1/payments/P1/refunds, refunds:write",
        "GET, /api/v1/payments/P1/refunds, payments:read",
        "GET, /api/v1/payments/P1/refunds/F1, payments:read",
        "GET, /api/v1/wallets/u1, wallets:read",
        "GET, /api/v1/wallets/u1/entries, wallets:read",
        "GET, /api/v1/callbacks, callbacks:read",
        "GET, /api/v1/callbacks/C1, callbacks:read",
        "POST, /api/v1/callbacks/C1/replay, callbacks:replay",
        "GET, /api/v1/ledger/proof, ledger:read",
        "GET, /api/v1/ledger/trial-balance, ledger:read",
        "GET, /api/v1/tickets/T1, orders:read",
        "POST, /api/v1/tickets/T1/payments, orders:write",
    })
    void everyCallHasItsScope(String method, String path, String scope) {
        assertThat(scopes.required(method, path).map(Scope::text)).contains(scope);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "GET, /api/v1",
        "GET, /api/v1/",
        "GET, /api/v1/users",
        "GET, /api/v2/orders",
        "GET, /api/v1x/orders",
        "GET, /api/v1/Orders",
        "OPTIONS, /api/v1/orders",
        "TRACE, /api/v1/orders",
    })
    void whatHasNoRuleIsOpenToNobody(String method, String path) {
        assertThat(scopes.required(method, path)).isEmpty();
    }

    @Test
    void aModuleCannotTakeWhatIsServedAlreadyNorInventScopes() {
        assertThatThrownBy(() -> new ApiScopes(List.of(new ApiResource("payments", "orders"))))
                .hasMessageContaining("/api/v1/payments is served twice");
        assertThatThrownBy(() -> new ApiScopes(List.of(new ApiResource("tickets", "everything"))))
                .hasMessageContaining("There is no scope everything:read");
        assertThatThrownBy(() -> new ApiResource("../payments", "orders")).hasMessageContaining("../payments");
    }
}
