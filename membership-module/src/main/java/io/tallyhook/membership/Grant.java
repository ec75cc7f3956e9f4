package io.tallyhook.membership;

import java.time.Duration;
import java.time.Instant;

/**
 * A stretch of membership that one payment has paid for, as refunds have left it: shortened if its own payment was refunded,
 * earlier if that of a purchase before it was.
 *
 * @param outTradeNo the payment
 * @param days how long it lasts, each day of 24 hours
 * @param startsAt the first moment of it
 * @param expiresAt the first moment after it
 */
public record Grant(
        String purchaseNo,
        String outTradeNo,
        String planCode,
        String planName,
        int days,
        Instant startsAt,
        Instant expiresAt) {

    boolean covers(Instant moment) {
        return !moment.isBefore(startsAt) && moment.isBefore(expiresAt);
    }

    /** How many whole days of it have not begun yet. */
    int daysAfter(Instant moment) {
        var from = moment.isAfter(startsAt) ? moment : startsAt;
        return from.isBefore(expiresAt)
                ? (int) Duration.between(from, expiresAt).toDays()
                : 0;
    }

    boolean isContinuedBy(Grant next) {
        return outTradeNo.equals(next.outTradeNo) && expiresAt.equals(next.startsAt);
    }

    /** @param more fewer than none to shorten it */
    Grant plusDays(int more) {
        return new Grant(
                purchaseNo,
                outTradeNo,
                planCode,
                planName,
                days + more,
                startsAt,
                expiresAt.plus(Duration.ofDays(more)));
    }

    Grant earlierBy(Duration distance) {
        return new Grant(
                purchaseNo, outTradeNo, planCode, planName, days, startsAt.minus(distance), expiresAt.minus(distance));
    }
}
