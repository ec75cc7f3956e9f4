package io.tallyhook.wallet;

import java.time.Instant;
import java.util.List;

/**
 * Whether the ledger can be believed: each invariant with how much of it was checked, all in one snapshot.
 *
 * @param holds whether every invariant does
 * @param sealed how far the chain of hashes reaches
 */
public record Proof(boolean holds, Instant checkedAt, List<Invariant> invariants, Sealed sealed) {

    /**
     * One rule that must always hold.
     *
     * @param name stable; the view in the database that lists the violations has the same
     * @param checked how many things it was checked for
     */
    public record Invariant(String name, boolean holds, long checked, long violations) {}

    /**
     * How far the chain of hashes reaches.
     *
     * @param block the number of the last block; 0: none yet
     * @param journals how many journals are sealed
     * @param head the last hash in hex; empty: none yet
     */
    public record Sealed(long block, long journals, String head) {

        /** Nothing is sealed. */
        public static final Sealed NOTHING = new Sealed(0, 0, "");
    }
}
