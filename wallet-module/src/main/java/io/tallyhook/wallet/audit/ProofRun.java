package io.tallyhook.wallet.audit;

import io.tallyhook.wallet.Proof;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One check of all invariants, all in one snapshot.
 *
 * @param full whether everything was checked, or what was moved since the last full check that held
 * @param sinceXid transactions from this number on were checked; 0: all
 * @param horizonXid every transaction below it was seen
 * @param block the last sealed block by then; 0: none
 */
public record ProofRun(
        boolean full,
        long sinceXid,
        long horizonXid,
        Instant startedAt,
        Instant finishedAt,
        List<Proof.Invariant> invariants,
        long block) {

    public boolean holds() {
        return invariants.stream().allMatch(Proof.Invariant::holds);
    }

    /** How long it took, in milliseconds. */
    public long tookMillis() {
        return Duration.between(startedAt, finishedAt).toMillis();
    }

    /** How many violations were found. */
    public long violations() {
        return invariants.stream().mapToLong(Proof.Invariant::violations).sum();
    }
}
