package io.tallyhook.wallet.books;

/** Where a proposal stands. It is decided once, and the database refuses every further step. */
public enum AdjustmentState {
    /** Waits for a second person. */
    PROPOSED,
    /** A second person approved it, and it is in the books. */
    BOOKED,
    /** A second person approved it, but the ledger could not do it, and never will under this number. */
    REFUSED,
    /** A second person said no. */
    REJECTED,
    /** Its author took it back. */
    WITHDRAWN
}
