package io.tallyhook.payment;

/** Why a paid payment waits for a person or a policy instead of being fulfilled. */
public enum ParkingReason {
    /** Paid after it was closed. */
    LATE,
    /** Another payment of the same order, recharge or purchase was paid before. */
    SURPLUS,
    /** What it pays for was cancelled, or its money partly given back, before it could be fulfilled. */
    CANCELLED_BEFORE,
    /** Paid with another amount than was asked for, and not to be handed out for it. */
    OTHER_AMOUNT,
    /** Tried as often as configured, and failed each time. */
    RETRIES_EXHAUSTED,
    /** No module took it. */
    NO_LISTENER
}
