package io.tallyhook.payment;

import java.time.Duration;

/**
 * How long to wait before something is tried again: it doubles with every attempt, up to a longest.
 *
 * @param first after the first attempt
 */
public record RisingGap(Duration first, Duration longest) {

    /** Before jitter. */
    public Duration after(int attempts) {
        var gap = first;
        for (int i = 1; i < attempts && gap.compareTo(longest) < 0; i++) {
            gap = gap.multipliedBy(2);
        }
        return gap.compareTo(longest) < 0 ? gap : longest;
    }
}
