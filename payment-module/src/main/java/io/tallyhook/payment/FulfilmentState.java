package io.tallyhook.payment;

/** Whether a paid payment has been turned into what was bought. */
public enum FulfilmentState {
    /** Not paid: nothing is due. */
    NONE,
    /** Paid; the module of its purpose is about to act. */
    PENDING,
    /** The goods are paid, the wallet credited, the membership granted. */
    SUCCEEDED,
    /** The module threw; it will be tried again by itself. */
    FAILED,
    /** A person or a policy is needed; see {@link ParkingReason}. */
    PARKED,
    /** Refunded before it was fulfilled: nothing is due any more. */
    CANCELLED,
    /** Fulfilled and taken back by a refund. */
    REVERSED
}
