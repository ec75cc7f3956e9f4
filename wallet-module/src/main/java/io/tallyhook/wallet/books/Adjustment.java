package io.tallyhook.wallet.books;

import java.time.Instant;
import java.util.Optional;

/**
 * A proposal and what became of it.
 *
 * @param number {@code A} and 26 characters
 * @param decidedBy the second person; for a withdrawn one the author
 * @param note what the second person said
 * @param outcome the ledger's answer, such as {@code INSUFFICIENT_BALANCE}
 * @param journalId the voucher, once booked
 */
public record Adjustment(
        String number,
        Proposal proposal,
        String proposedBy,
        Instant proposedAt,
        AdjustmentState state,
        Optional<String> decidedBy,
        Optional<Instant> decidedAt,
        Optional<String> note,
        Optional<String> outcome,
        Optional<Long> journalId) {

    public boolean open() {
        return state == AdjustmentState.PROPOSED;
    }

    public boolean proposedBy(String person) {
        return proposedBy.equals(person);
    }
}
