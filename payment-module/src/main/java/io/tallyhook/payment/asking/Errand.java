package io.tallyhook.payment.asking;

import java.time.Duration;
import java.time.Instant;

/**
 * Something to be done about a pending payment now, by whoever has claimed it.
 *
 * @param times how often this was tried before
 * @param silent whether the account's callbacks do not come, so that asking matters more
 * @param firstGap how long after opening a payment of this account and method is asked about first
 * @param lease until when nobody else does it
 */
record Errand(
        String outTradeNo,
        Account account,
        Question.Why why,
        boolean askable,
        int times,
        boolean silent,
        Duration firstGap,
        Instant begun,
        Instant lease) {

    /** One of our accounts at a provider. */
    record Account(String provider, String name) {}

    boolean closes() {
        return why != Question.Why.USUAL;
    }
}
