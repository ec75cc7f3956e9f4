package io.tallyhook.membership;

import io.tallyhook.payment.Entitlement.TakeBack;
import io.tallyhook.payment.Money;
import java.time.Duration;

/**
 * What a refund takes of a membership.
 *
 * @param amount of the refund
 * @param dueDays how many days the amount stands for
 * @param days how many of them have not begun yet, and are taken
 * @param length how much is taken: these days, and the rest of the day that has begun if all of the money is gone
 */
record Share(Money amount, int dueDays, int days, Duration length) {

    /**
     * Days stand to the purchase's as the money that is gone stands to what was paid, rounded up to whole ones; all of the
     * money stands for all of them. Reckoned over all refunds together, so that rounding does not add up.
     *
     * @param ofPurchase how many days were bought
     * @param before what other refunds stand for
     * @param ahead how much of the purchase lies ahead
     */
    static Share of(TakeBack refund, int ofPurchase, TakenDays.Gone before, Duration ahead) {
        long paid = refund.paid().minorUnits();
        long gone = Math.min(paid, before.amount() + refund.amount().minorUnits());
        int inAll = (int) Math.ceilDiv(Math.multiplyExact(gone, (long) ofPurchase), paid);
        int due = Math.max(0, inAll - before.dueDays());
        int unused = (int) ahead.toDays();
        boolean nothingStays = gone == paid && due >= unused;
        int days = Math.min(due, unused);
        return new Share(refund.amount(), due, days, nothingStays ? ahead : Duration.ofDays(days));
    }

    int usedDays() {
        return dueDays - days;
    }

    Money shortfall() {
        return shortfall(amount, dueDays, days);
    }

    /** What of the amount was for days that are used, rounded up. */
    static Money shortfall(Money amount, int dueDays, int days) {
        long used = dueDays == 0
                ? 0
                : Math.ceilDiv(Math.multiplyExact(amount.minorUnits(), (long) dueDays - days), dueDays);
        return new Money(used, amount.currency());
    }
}
