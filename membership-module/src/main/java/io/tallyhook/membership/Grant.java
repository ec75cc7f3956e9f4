package io.tallyhook.membership;

import java.time.Instant;

/**
 * A stretch of membership that one payment has paid for.
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
}
