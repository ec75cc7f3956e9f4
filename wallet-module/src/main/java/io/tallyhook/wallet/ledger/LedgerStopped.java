package io.tallyhook.wallet.ledger;

import org.jspecify.annotations.Nullable;

/**
 * The ledger takes no postings for this user, because an invariant was found broken in his shard. It heals when a person has
 * looked at it; whatever was to be booked must wait.
 */
public final class LedgerStopped extends RuntimeException {

    LedgerStopped(@Nullable String fault, Throwable cause) {
        super(fault, cause);
    }
}
