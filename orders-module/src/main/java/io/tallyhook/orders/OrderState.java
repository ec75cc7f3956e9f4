package io.tallyhook.orders;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/** Where an order stands. The database repeats this table of transitions in a trigger. */
public enum OrderState {
    /** Nobody has paid yet. */
    AWAITING_PAYMENT,
    /** The money has arrived; the goods have not left. */
    PAID,
    /** The goods are on their way. */
    SHIPPED,
    /** The goods have arrived. */
    COMPLETED,
    /** Given up unpaid. */
    CANCELLED,
    /** Paid, and all of it was given back or is about to be; if that fails, the order is again what it was. */
    REFUNDED;

    private static final Map<OrderState, Set<OrderState>> NEXT = Map.of(
            AWAITING_PAYMENT, Set.of(PAID, CANCELLED),
            PAID, Set.of(SHIPPED, REFUNDED),
            SHIPPED, Set.of(COMPLETED, REFUNDED),
            COMPLETED, Set.of(REFUNDED),
            CANCELLED, Set.of(),
            REFUNDED, Set.of());

    public boolean mayBecome(OrderState next) {
        return NEXT.getOrDefault(this, Set.of()).contains(next);
    }

    /** The names of the states from which this one can be reached, for the condition of an update. */
    String[] origins() {
        return Arrays.stream(values())
                .filter(state -> state.mayBecome(this))
                .map(Enum::name)
                .toArray(String[]::new);
    }
}
