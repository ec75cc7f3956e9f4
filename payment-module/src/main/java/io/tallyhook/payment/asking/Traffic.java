package io.tallyhook.payment.asking;

import java.time.Instant;
import java.util.Optional;

/**
 * What went on at one account: as usual, and since its last callback.
 *
 * @param lastHeard when the last genuine callback came, if one came within the window
 * @param usuallyOpened payments opened in the window, up to the last callback
 * @param usuallyTold payments that callbacks told of as paid in the same time
 * @param openedSince payments opened after the last callback, long enough ago that most of them should be paid by now
 * @param saidUnpaid those since then of which the provider itself says that nobody has paid
 * @param foundPaid those since then which the provider said are paid when we asked, and no callback told of
 */
record Traffic(
        Instant now,
        Optional<Instant> lastHeard,
        long usuallyOpened,
        long usuallyTold,
        long openedSince,
        long saidUnpaid,
        long foundPaid) {

    /** It was heard a moment ago: nothing else needs to be known. */
    static Traffic heard(Instant now, Optional<Instant> lastHeard) {
        return new Traffic(now, lastHeard, 0, 0, 0, 0, 0);
    }
}
