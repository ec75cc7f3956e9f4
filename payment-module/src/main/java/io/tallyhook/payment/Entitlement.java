package io.tallyhook.payment;

import java.time.Instant;
import java.util.List;

/**
 * What a module handed out for a payment, and how it is taken back when the money goes back. A module that sells something
 * declares one bean of this type beside its {@link Purpose}.
 *
 * <p>It is taken first and the money sent afterwards, so that nobody has both. Every method but {@link #preview} runs in a
 * {@code READ COMMITTED} transaction in which the payment is locked, locks only rows of its own module after it, and must
 * not write in another transaction. All are idempotent by {@code refundNo} and {@code outTradeNo}: a repeat changes nothing
 * and answers as the first did. What they throw rolls everything back; what {@link #settle}, {@link #giveBack} and {@link
 * #takeWhatIsLeft} throw is tried again later, as often as it takes.
 *
 * <p>They are called only for a payment that has handed out what it paid for.
 */
public interface Entitlement {

    /** The code of the {@link Purpose}. */
    String purpose();

    /**
     * Whether what was ordered may be handed out as it was ordered though another amount was paid, if two people say so. {@link
     * TakeBack#paid} is then that amount. Not where the money itself is handed out, as for a recharge: to hand out what was
     * ordered would make money there, or lose some.
     */
    default boolean handsOutForOtherAmount() {
        return false;
    }

    /** Says what {@link #take} would do now. Changes and locks nothing. */
    Preview preview(TakeBack refund);

    /** Takes back what stands to the amount, all of it or nothing. */
    Taking take(TakeBack refund);

    /**
     * The provider has paid the refund out, for which {@link #take} or {@link #takeWhatIsLeft} took something before.
     *
     * @param at when it was paid out, by the provider's clock
     */
    void settle(TakeBack refund, Instant at);

    /** The refund has definitely failed: what {@link #take} took is given back, to where it came from. */
    void giveBack(TakeBack refund, Instant at);

    /**
     * Takes back as much as there is, for a refund that we did not start and that has been paid out already.
     *
     * @return how much of the refund's amount could not be taken back, because it is spent or used; zero if all was
     */
    Money takeWhatIsLeft(TakeBack refund, Instant at);

    /**
     * A refund of one payment, or of a part of it.
     *
     * @param refundNo unique within its payment
     * @param reference what was paid for, in its module's own numbering
     * @param paid what was paid in all
     * @param goneBefore how much of it other refunds have given back, or are about to
     * @param amount how much this refund gives back; with {@code goneBefore} never more than {@code paid}
     * @param actor who asked for it; recorded
     * @param reason why, for people
     */
    record TakeBack(
            String refundNo,
            String outTradeNo,
            String reference,
            UserId userId,
            Money paid,
            Money goneBefore,
            Money amount,
            String actor,
            String reason) {

        /** Whether nothing of the payment is left after it. */
        public boolean isLast() {
            return goneBefore.plus(amount).equals(paid);
        }
    }

    /**
     * What would be taken back.
     *
     * @param possible whether {@link #take} would take it
     * @param lines what would be taken back, what is used or spent already and what stays, for people; keys of messages with
     *     their arguments
     */
    record Preview(boolean possible, List<Line> lines) {}

    /**
     * A line of a preview.
     *
     * @param key of a message, such as {@code refund.preview.order-ends}
     * @param arguments texts, {@link Money}, numbers and {@link Instant}s, to be shown as the reader's language does
     */
    record Line(String key, List<Object> arguments) {

        public static Line of(String key, Object... arguments) {
            return new Line(key, List.of(arguments));
        }
    }

    /** How {@link #take} ended. */
    sealed interface Taking {

        /** All that stands to the amount was taken back. */
        record Taken() implements Taking {}

        /**
         * Nothing was taken: it is spent or used. The running transaction commits with what the module has recorded of it,
         * there is no refund, and the refusal is thrown at the caller.
         */
        record Declined(Refusal refusal) implements Taking {}
    }
}
