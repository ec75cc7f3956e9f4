package io.tallyhook.payment.booking;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Refund;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Fact.RefundResult;

/**
 * Which refund a message is about and how much it gave back, read against the payment as we know it.
 *
 * @param amount what we had not heard of yet; zero or less if that is nothing
 */
record RefundNotice(String refundNo, Money amount) {

    private static final int LONGEST = 64;

    static RefundNotice of(Fact.Refunded fact, KnownPayment payment) {
        var number = afterAll(fact, payment, number(fact, payment));
        return new RefundNotice(number, amount(fact, payment, number));
    }

    KnownRefund as(KnownRefund.State state) {
        return new KnownRefund(refundNo, amount, state);
    }

    /**
     * What has failed, or was given up, and has gone all the same is money of its own: how the first one ended stays as it is,
     * with what was given back for it, and no repeat may hide that money went.
     */
    private static String afterAll(Fact.Refunded fact, KnownPayment payment, String number) {
        var known = payment.refunds().get(number);
        boolean contradicts = known != null
                && (known.givenUp() || known.state() == KnownRefund.State.FAILED && !known.unapproved())
                && fact.result() == RefundResult.SUCCEEDED;
        return contradicts ? shortened(number) + Refund.AFTER_ALL : number;
    }

    /** A console's number may be as long as ours can be written down. */
    private static String shortened(String number) {
        return number.substring(0, Math.min(number.length(), LONGEST - Refund.AFTER_ALL.length()));
    }

    /** What went back by way of the provider, which is all that it can tell of. */
    private static Money refundedThere(KnownPayment payment) {
        return payment.refunds().values().stream()
                .filter(KnownRefund::paidOutElsewhere)
                .map(KnownRefund::amount)
                .reduce(payment.refunded(), Money::minus);
    }

    /**
     * An Alipay refund of the whole trade need not have a number of its own; it then is the trade's. Should a second one
     * without a number tell of more money, it is told apart by the sum: money that went must not pass for a repeat.
     */
    private static String number(Fact.Refunded fact, KnownPayment payment) {
        if (fact.refundNo() != null) {
            return fact.refundNo();
        }
        var known = payment.refunds().get(fact.outTradeNo());
        var inAll = fact.refundedInAll();
        if (known == null || !known.state().isFinal() || inAll == null) {
            return fact.outTradeNo();
        }
        boolean more = inAll.minorUnits() > refundedThere(payment).minorUnits();
        return more ? fact.outTradeNo() + "-" + inAll.minorUnits() : fact.outTradeNo();
    }

    /** Alipay tells only what was refunded in all; what this refund gave back is what we had not heard of. */
    private static Money amount(Fact.Refunded fact, KnownPayment payment, String number) {
        if (fact.amount() != null) {
            return fact.amount();
        }
        var known = payment.refunds().get(number);
        if (known != null) {
            return known.amount();
        }
        var inAll = fact.refundedInAll();
        if (inAll == null) {
            return new Money(0, payment.amount().currency());
        }
        // In another currency it cannot be reckoned; the comparisons refuse it.
        return inAll.currency().equals(payment.refunded().currency()) ? inAll.minus(refundedThere(payment)) : inAll;
    }
}
