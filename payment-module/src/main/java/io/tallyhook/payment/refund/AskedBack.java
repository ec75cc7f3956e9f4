package io.tallyhook.payment.refund;

import io.tallyhook.payment.Entitlement.TakeBack;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.booking.KnownPayment;

/** How a module is asked to take back what it has handed out for a payment. */
final class AskedBack {

    private AskedBack() {}

    /**
     * @param goneBefore what other refunds give back, in minor units
     * @param amount what this one gives back, in minor units
     */
    static TakeBack of(
            KnownPayment payment, String refundNo, long goneBefore, long amount, String requestedBy, String reason) {
        var currency = payment.amount().currency();
        return new TakeBack(
                refundNo,
                payment.outTradeNo(),
                payment.handedOutAs(),
                payment.userId(),
                payment.received(),
                new Money(goneBefore, currency),
                new Money(amount, currency),
                requestedBy,
                reason);
    }

    /** What its other refunds give back, in minor units, the ones under way among them. */
    static long goneBefore(KnownPayment payment) {
        return payment.received().minus(payment.refundable()).minorUnits();
    }
}
