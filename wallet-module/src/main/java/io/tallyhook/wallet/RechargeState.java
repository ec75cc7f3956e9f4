package io.tallyhook.wallet;

import java.util.Map;
import java.util.Set;

/** Where a recharge stands. The database repeats this table of transitions in a trigger. */
public enum RechargeState {
    /** Nobody has paid yet. */
    AWAITING_PAYMENT,
    /** Paid, and in the wallet. */
    CREDITED,
    /** Given up unpaid. */
    CANCELLED,
    /** Credited, and all of the money was given back or is about to be; if that fails, it is credited again. */
    REFUNDED;

    private static final Map<RechargeState, Set<RechargeState>> NEXT = Map.of(
            AWAITING_PAYMENT, Set.of(CREDITED, CANCELLED),
            CREDITED, Set.of(REFUNDED),
            CANCELLED, Set.of(),
            REFUNDED, Set.of());

    public boolean mayBecome(RechargeState next) {
        return NEXT.getOrDefault(this, Set.of()).contains(next);
    }
}
