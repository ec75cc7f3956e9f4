package io.tallyhook.payment;

import java.time.Instant;

/**
 * A way to pay at once, with money that lies with us and without any provider, such as the balance of a wallet. A module
 * that keeps such money declares one bean of this type; {@link Payments#open} then takes the money, books the payment as
 * paid and tells the module of its purpose, all in one transaction. Nobody calls back about such a payment, and it is
 * never pending: what cannot be taken leaves no payment.
 *
 * <p>Who implements it must not need {@link Payments}, which needs all of these.
 */
public interface InstantMethod {

    /** The name that stands where a provider's stands, such as {@code wallet}; unlike that of any provider. */
    String provider();

    /** The only account: it may be left out by who pays. */
    String account();

    /** The only method, such as {@code balance}. */
    String method();

    /**
     * Takes the money in the running {@code READ COMMITTED} transaction, once per {@code outTradeNo}: a repeat gives the
     * first answer, also one that runs at the same time and has to wait for the first.
     *
     * <p>It is called after what is paid for was found payable and locked by its module, and before the payment exists.
     * It locks only rows of its own module, always in the same order, and must not write in another transaction: what
     * it has written must be gone if this one is rolled back. What it throws rolls everything back.
     */
    Taking take(InstantPayment payment);

    /**
     * Gives back what was taken for a payment, or a part of it, in the running {@code READ COMMITTED} transaction, once per
     * {@code refundNo}. It is called with the payment locked and after what it paid for was taken back, and locks only rows
     * of its own module, after those of the purpose's module. What it throws rolls everything back.
     *
     * @return the method's own number of what it booked
     */
    String giveBack(Entitlement.TakeBack refund);

    /**
     * A payment to be paid.
     *
     * @param outTradeNo our number of it
     * @param purpose the code of the {@link Purpose}
     * @param reference what it pays for, in its module's own numbering
     */
    record InstantPayment(String outTradeNo, String purpose, String reference, UserId userId, Money amount) {}

    /** How it ended. */
    sealed interface Taking {

        /**
         * All of the amount was taken.
         *
         * @param transactionId the method's own number of what it booked, found in the payment as the provider's
         */
        record Taken(String transactionId, Instant paidAt) implements Taking {}

        /**
         * Nothing was taken, and a repeat would not change it. The running transaction commits, with what the method has
         * recorded of it, and the refusal is then thrown at the caller; there is no payment.
         */
        record Declined(Refusal refusal) implements Taking {}
    }
}
