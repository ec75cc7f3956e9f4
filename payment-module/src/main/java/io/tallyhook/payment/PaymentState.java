package io.tallyhook.payment;

import java.util.Map;
import java.util.Set;

/** Where the money of a payment is. The database repeats this table of transitions in a trigger. */
public enum PaymentState {
    /** Nobody has paid yet. */
    PENDING,
    /** The money has arrived. */
    PAID,
    /** Given up unpaid; money that arrives all the same is late. */
    CLOSED,
    /** Paid, and a part was given back. */
    PARTIALLY_REFUNDED,
    /** Paid, and all of it was given back. */
    REFUNDED;

    private static final Map<PaymentState, Set<PaymentState>> NEXT = Map.of(
            PENDING, Set.of(PAID, CLOSED),
            CLOSED, Set.of(PAID),
            PAID, Set.of(PARTIALLY_REFUNDED, REFUNDED),
            PARTIALLY_REFUNDED, Set.of(REFUNDED),
            REFUNDED, Set.of());

    public boolean mayBecome(PaymentState next) {
        return NEXT.getOrDefault(this, Set.of()).contains(next);
    }

    /** Whether money has arrived, refunded or not. */
    public boolean wasPaid() {
        return this == PAID || this == PARTIALLY_REFUNDED || this == REFUNDED;
    }
}
