package io.tallyhook.payment;

import java.time.Instant;

/**
 * Takes money that has come and could not be turned into what it was meant for into the payer's wallet. A module that keeps
 * money of users declares one bean of this type; without one nobody can decide so, and a policy that says so stops the start.
 *
 * <p>What it credits is handed out by that module from then on: its {@link Entitlement} takes it back when the money goes back,
 * and its {@link HandedOut} tells of it, both under {@link #purpose()} and with the number that {@link #credit} has answered.
 */
public interface WalletCredit {

    /** The code of the {@link Purpose} under which the module takes back, and tells of, what it has credited. */
    String purpose();

    /**
     * Credits the money in the running {@code READ COMMITTED} transaction, once per {@code outTradeNo}: a repeat answers as the
     * first did. The payment is locked and was found to be paid, handed out to nobody and not going back.
     *
     * <p>It locks only rows of its own module and must not write in another transaction. What it throws rolls everything back.
     */
    Crediting credit(StrandedMoney money);

    /**
     * Money that has come and has bought nothing.
     *
     * @param outTradeNo the payment
     * @param purpose what it was meant to pay for: the code of the {@link Purpose}
     * @param reference and which one, in that module's own numbering
     * @param received what has come
     * @param provider who collected it
     * @param account our account there
     * @param paidAt by the provider's clock
     * @param actor the policy or the person who decided so; recorded
     * @param reason why, for people
     */
    record StrandedMoney(
            String outTradeNo,
            String purpose,
            String reference,
            UserId userId,
            Money received,
            String provider,
            String account,
            Instant paidAt,
            String actor,
            String reason) {}

    /** How it ended. */
    sealed interface Crediting {

        /**
         * All of it is in the wallet.
         *
         * @param reference what it has become, in the module's own numbering
         */
        record Credited(String reference) implements Crediting {}

        /** Nothing was credited, and nothing was written. */
        record Declined(Refusal refusal) implements Crediting {}
    }
}
