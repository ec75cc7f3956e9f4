package io.tallyhook.membership;

import java.util.Map;
import java.util.Set;

/** Where a purchase stands. The database repeats this table of transitions in a trigger. */
public enum PurchaseState {
    /** Nobody has paid yet. */
    AWAITING_PAYMENT,
    /** Paid, and the membership granted. */
    GRANTED,
    /** Given up unpaid. */
    CANCELLED,
    /** Paid, and all of it was given back or is about to be; if that fails, it is granted again. */
    REFUNDED;

    private static final Map<PurchaseState, Set<PurchaseState>> NEXT = Map.of(
            AWAITING_PAYMENT, Set.of(GRANTED, CANCELLED),
            GRANTED, Set.of(REFUNDED),
            CANCELLED, Set.of(),
            REFUNDED, Set.of());

    public boolean mayBecome(PurchaseState next) {
        return NEXT.getOrDefault(this, Set.of()).contains(next);
    }
}
