package io.tallyhook.wallet.ledger;

import io.tallyhook.payment.Money;

/**
 * What the ledger answers to one request about one wallet. A repeat of the request, under the same key, is answered as it
 * was the first time, also when that was a refusal.
 */
public sealed interface Answer {

    /** Whether this was answered before, so that nothing has changed now. */
    boolean replayed();

    /**
     * It is booked.
     *
     * @param journalId the voucher
     * @param principal what moved of the part that was paid for
     * @param bonus what moved of the part that was given on top
     */
    record Posted(long journalId, Money principal, Money bonus, boolean replayed) implements Answer {

        public Money total() {
            return principal.plus(bonus);
        }
    }

    /** It is refused, and nothing has moved. */
    record Declined(Reason reason, boolean replayed) implements Answer {}

    /** Why the ledger refuses. The database keeps these words. */
    enum Reason {
        /** The wallet does not hold that much, or there is no wallet. */
        INSUFFICIENT_BALANCE,
        /** There is no such hold, or nothing is left of it. */
        NOTHING_HELD,
        /** Less is left of the hold. */
        MORE_THAN_HELD,
        /** Less was spent under that key, or is still to be given back of it. */
        MORE_THAN_SPENT,
        /** Less is left of the recharge, or it is not one that a provider collected. */
        MORE_THAN_LEFT,
        /** No such refund was asked for; the user owes less. */
        NOTHING_DUE,
        /** The refund ended before, in the other way. */
        RESOLVED_BEFORE
    }
}
