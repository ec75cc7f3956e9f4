package io.tallyhook.payment.callback;

import io.tallyhook.payment.booking.Outcome;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a person sees first: how much came in, which is counted as it comes, and what is still open, which is counted up to a
 * bound only.
 *
 * @param received the deliveries that are stored
 * @param deliveries the same by outcome; every outcome is there
 * @param turnedAway what was only counted: floods, oversized bodies, unknown addresses
 * @param waiting payments that are paid and about to be handed out
 * @param failed payments that failed to be handed out, and will be tried again
 * @param parked payments that wait for a person
 * @param oldestWaiting when the oldest payment that is waiting or has failed was paid
 */
public record Figures(
        Count received,
        Map<Outcome, Count> deliveries,
        long turnedAway,
        Count waiting,
        Count failed,
        Count parked,
        @Nullable Instant oldestWaiting) {

    /**
     * A number that was counted up to a bound.
     *
     * @param atLeast there may be more than {@code n}
     */
    public record Count(long n, boolean atLeast) {

        static Count exactly(long n) {
            return new Count(n, false);
        }

        static Count upTo(long bound, long n) {
            return new Count(Math.min(n, bound), n > bound);
        }
    }
}
