package io.tallyhook.access;

import java.util.Arrays;
import java.util.Optional;

/** What an API key may do. Its {@link #text()} is the authority of a caller who holds it. */
public enum Scope {
    ORDERS_READ("orders:read"),
    ORDERS_WRITE("orders:write"),
    RECHARGES_READ("recharges:read"),
    RECHARGES_WRITE("recharges:write"),
    MEMBERSHIPS_READ("memberships:read"),
    MEMBERSHIPS_WRITE("memberships:write"),
    PAYMENTS_READ("payments:read"),
    PAYMENTS_WRITE("payments:write"),
    REFUNDS_WRITE("refunds:write"),
    WALLETS_READ("wallets:read"),
    WALLETS_WRITE("wallets:write"),
    CATALOG_READ("catalog:read"),
    CATALOG_WRITE("catalog:write"),
    CALLBACKS_READ("callbacks:read"),
    CALLBACKS_WRITE("callbacks:write"),
    /** Bodies of callbacks unmasked; every look is audited. */
    CALLBACKS_RAW("callbacks:raw"),
    CALLBACKS_REPLAY("callbacks:replay"),
    LEDGER_READ("ledger:read"),
    LEDGER_WRITE("ledger:write"),
    METRICS_READ("metrics:read");

    private final String text;

    Scope(String text) {
        this.text = text;
    }

    /** As people and programs write it, such as {@code orders:read}. */
    public String text() {
        return text;
    }

    public static Optional<Scope> of(String text) {
        return Arrays.stream(values()).filter(scope -> scope.text.equals(text)).findFirst();
    }
}
