package io.tallyhook.wallet.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How well the ledger's machinery keeps up.
 *
 * @param stoppedShards how many shards take no postings
 * @param holds whether the last checks hold
 * @param sealLag how long the oldest booking waits to be sealed. A long one is a transaction that was left open somewhere
 * @param rollUpLag how long the oldest posting waits to be added to the totals
 * @param lastFullAt when everything was checked last
 * @param nextMonthReady whether the next month has its partitions
 */
public record Health(
        long stoppedShards,
        boolean holds,
        Duration sealLag,
        Duration rollUpLag,
        Optional<Instant> lastFullAt,
        boolean nextMonthReady) {

    /** Whether a person must look at once. */
    public boolean alarming() {
        return stoppedShards > 0 || !holds;
    }
}
