package io.tallyhook.membership;

import java.time.Duration;
import java.time.Instant;

/**
 * A stretch of membership that one payment has paid for, as refunds have left it: shortened if its own payment was refunded,
 * earlier if that of a purchase before it was.
 *
 * @param outTradeNo the payment
 * @param days how long it lasts, each day of 24 hours; what a refund has ended within a day is counted as a day
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

    /** A stretch from one moment to another. */
    static Grant between(
            Instant startsAt,
            Instant expiresAt,
            String purchaseNo,
            String outTradeNo,
            String planCode,
            String planName) {
        var rest =
                Duration.between(startsAt, expiresAt).plus(Duration.ofDays(1)).minusNanos(1);
        return new Grant(purchaseNo, outTradeNo, planCode, planName, (int) rest.toDays(), startsAt, expiresAt);
    }

    /** How much of it lies behind this moment. */
    Duration ahead(Instant moment) {
        var from = moment.isAfter(startsAt) ? moment : startsAt;
        return from.isBefore(expiresAt) ? Duration.between(from, expiresAt) : Duration.ZERO;
    }

    boolean isContinuedBy(Grant next) {
        return outTradeNo.equals(next.outTradeNo) && expiresAt.equals(next.startsAt);
    }

    Grant until(Instant end) {
        return between(startsAt, end, purchaseNo, outTradeNo, planCode, planName);
    }

    Grant earlierBy(Duration distance) {
        return between(startsAt.minus(distance), expiresAt.minus(distance), purchaseNo, outTradeNo, planCode, planName);
    }
}
