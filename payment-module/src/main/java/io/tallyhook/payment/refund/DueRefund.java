package io.tallyhook.payment.refund;

import io.tallyhook.payment.Money;

/**
 * A refund that is under way and whose turn it is.
 *
 * @param accepted whether the provider has said that it has it
 * @param attempts how often somebody took it on, this time included
 * @param givingUp whether somebody proposes to give it up, so that it must not be sent again
 */
record DueRefund(
        String outTradeNo,
        String refundNo,
        String provider,
        String account,
        Money amount,
        Money paid,
        String reason,
        boolean accepted,
        int attempts,
        boolean givingUp) {

    /** Whether it may have been sent before, by somebody who could not book what came of it. */
    boolean mayHaveBeenSent() {
        return accepted || attempts > 1;
    }
}
