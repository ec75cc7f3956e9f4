package io.tallyhook.payment;

import java.time.Instant;

/**
 * One payment of a {@link PaymentsConfirmed}: what a module needs to know to hand out what was bought.
 *
 * @param reference what it pays for, in the listening module's numbering
 * @param amount what was asked for, in minor units of the currency
 * @param currency ISO 4217 code
 * @param paidAt when the payer paid, by the provider's clock
 * @param received what was paid, in minor units: the amount, unless two people have decided to hand out all the same. What turns
 *     money into balance must never hand out more than that
 */
public record ConfirmedPayment(
        String outTradeNo,
        String reference,
        String userId,
        long amount,
        String currency,
        String provider,
        String account,
        String providerTransactionId,
        Instant paidAt,
        long received) {

    /** Paid as asked for. */
    public ConfirmedPayment(
            String outTradeNo,
            String reference,
            String userId,
            long amount,
            String currency,
            String provider,
            String account,
            String providerTransactionId,
            Instant paidAt) {
        this(outTradeNo, reference, userId, amount, currency, provider, account, providerTransactionId, paidAt, amount);
    }

    public Money money() {
        return Money.of(amount, currency);
    }

    public UserId user() {
        return new UserId(userId);
    }

    /** The answer that what was bought has been handed out, now or before. */
    public Fulfilment fulfilled() {
        return new Fulfilment.Done(outTradeNo);
    }

    /** The answer that it must not be handed out, for a reason that a retry would not change. */
    public Fulfilment refused(ParkingReason reason) {
        return new Fulfilment.Refused(outTradeNo, reason);
    }

    /**
     * The answer that it cannot be handed out now because something stands still: it is tried again later, and this
     * attempt does not count.
     *
     * @param why for people
     */
    public Fulfilment waits(String why) {
        return new Fulfilment.Waiting(outTradeNo, why);
    }
}
