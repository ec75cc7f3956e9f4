package io.tallyhook.benchmarks;

import java.time.Instant;

/**
 * What a provider tells, or somebody who is none, until it is acknowledged or given up.
 *
 * @param tries how often it is sent at most while nobody acknowledges it
 * @param repeats how often it is sent again after it was acknowledged
 */
record Notice(Kind kind, Provider provider, OpenPayment payment, int tries, int repeats) {

    static final int UNTIL_ACKNOWLEDGED = Integer.MAX_VALUE;

    /** What is true of it. */
    enum Kind {
        PAID,
        /** Paid, but we have closed the payment. */
        LATE,
        /** Signed by somebody else. */
        FORGED,
        /** Signed by the provider, for more than the payment is about. */
        WRONG_AMOUNT,
        /** Signed by the provider, about a payment of somebody else. */
        NOBODYS;

        boolean mayBeAcknowledged() {
            return this == PAID || this == LATE;
        }
    }

    /** Signed anew each time, as providers do. */
    byte[] request(Instant now) {
        return switch (kind) {
            case PAID, LATE -> provider.paid(payment, now);
            case FORGED -> provider.forged(payment, now);
            case WRONG_AMOUNT -> provider.paid(new OpenPayment(payment.outTradeNo(), payment.amount() + 1), now);
            case NOBODYS ->
                provider.paid(new OpenPayment("X" + payment.outTradeNo().substring(1), payment.amount()), now);
        };
    }

    Notice afterTry() {
        return tries == UNTIL_ACKNOWLEDGED ? this : new Notice(kind, provider, payment, tries - 1, repeats);
    }

    Notice afterAcknowledgement() {
        return new Notice(kind, provider, payment, tries, repeats - 1);
    }
}
