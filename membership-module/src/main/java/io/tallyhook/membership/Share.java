package io.tallyhook.membership;

import io.tallyhook.payment.Entitlement.TakeBack;
import io.tallyhook.payment.Money;

/**
 * What a refund takes of a membership.
 *
 * @param amount of the refund
 * @param dueDays how many days the amount stands for
 * @param days how many of them are not used yet, and are taken
 */
record Share(Money amount, int dueDays, int days) {

    /**
     * Days stand to the purchase's as the money that is gone stands to what was paid, rounded up to whole ones; all of the
     * money stands for all of them. Reckoned over all refunds together, so that rounding does not add up.
     *
     * @param ofPurchase how many days were bought
     * @param before what other refunds stand for
     * @param unused how many days of the purchase lie ahead
     */
    static Share of(TakeBack refund, int ofPurchase, TakenDays.Gone before, int unused) {
        long paid = refund.paid().minorUnits();
        long gone = Math.min(paid, before.amount() + refund.amount().minorUnits());
        int inAll = (int) Math.ceilDiv(Math.multiplyExact(gone, (long) ofPurchase), paid);
        int due = Math.max(0, inAll - before.dueDays());
        return new Share(refund.amount(), due, Math.min(due, unused));
    }

    int usedDays() {
        return dueDays - days;
    }

    /** What of the amount was for days that are used, rounded up. */
    Money shortfall() {
        long used =
                dueDays == 0 ? 0 : Math.ceilDiv(Math.multiplyExact(amount.minorUnits(), (long) usedDays()), dueDays);
        return new Money(used, amount.currency());
    }
}
