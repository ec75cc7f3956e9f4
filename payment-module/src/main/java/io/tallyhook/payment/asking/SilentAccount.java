package io.tallyhook.payment.asking;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An account whose callbacks do not come although they should.
 *
 * @param since when it was noticed
 * @param lastHeard when the last callback came, if one came within the last days
 * @param foundPaid whether payments were found paid by asking; else payments are opened and none is told as paid
 * @param opened how many were opened since the last callback
 * @param expected how many callbacks are missing by the usual rate
 * @param found how many were found paid by asking
 */
public record SilentAccount(
        String provider,
        String account,
        Instant since,
        @Nullable Instant lastHeard,
        boolean foundPaid,
        long opened,
        long expected,
        long found) {}
