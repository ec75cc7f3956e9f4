package io.tallyhook.membership;

import java.time.Instant;

/**
 * An entry of a user's line: days that a payment granted, that a refund took back, or that were given back because the
 * refund failed.
 *
 * @param outTradeNo the payment that it is about
 * @param endsAt before its start if days were taken
 * @param at when it was made
 */
record LineEntry(
        Kind kind,
        String purchaseNo,
        String outTradeNo,
        String planCode,
        String planName,
        Instant startsAt,
        Instant endsAt,
        Instant at) {

    enum Kind {
        GRANT,
        /** Shortens the line: the days of one purchase that lie ahead, so that what follows them moves forward. */
        TAKEN,
        GIVEN_BACK
    }

    Grant grant() {
        return Grant.between(startsAt, endsAt, purchaseNo, outTradeNo, planCode, planName);
    }
}
