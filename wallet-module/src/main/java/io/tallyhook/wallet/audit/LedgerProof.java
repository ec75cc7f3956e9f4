package io.tallyhook.wallet.audit;

import java.util.Optional;

/**
 * Whether the ledger can be believed now: a check of what was moved, which rests on the last check of everything.
 *
 * @param moved the check that was just made; a full one if there was none before
 * @param lastFull the last check of everything
 * @param head how far the chain reaches, in the same snapshot
 */
public record LedgerProof(ProofRun moved, Optional<ProofRun> lastFull, ChainHead head) {

    /** Both hold: a check of a part proves nothing while what it rests on is broken. */
    public boolean holds() {
        return moved.holds() && lastFull.map(ProofRun::holds).orElse(true);
    }
}
