package io.tallyhook.payment.booking;

import io.tallyhook.payment.Money;

/**
 * A refund as a decision sees it.
 *
 * @param unapproved whether it needs a second person who has not approved it: nobody can have sent it
 * @param givenUp whether two persons have said how it ended, because the provider did not
 */
public record KnownRefund(String refundNo, Money amount, State state, boolean unapproved, boolean givenUp) {

    /** One that was not given up. */
    public KnownRefund(String refundNo, Money amount, State state, boolean unapproved) {
        this(refundNo, amount, state, unapproved, false);
    }

    KnownRefund(String refundNo, Money amount, State state) {
        this(refundNo, amount, state, false);
    }

    /** Whether the money went back in a way that the provider knows nothing of. */
    boolean paidOutElsewhere() {
        return givenUp && state == State.SUCCEEDED;
    }

    /** Where a refund stands. */
    public enum State {
        REQUESTED,
        PROCESSING,
        SUCCEEDED,
        FAILED;

        public boolean isFinal() {
            return this == SUCCEEDED || this == FAILED;
        }
    }
}
