package io.tallyhook.membership;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The line of grants of one user, as far as its next entry needs it.
 *
 * @param length how many entries there are
 * @param endsAt the end of the last one; absent if there is none
 */
record Line(long memberId, int length, @Nullable Instant endsAt) {

    /**
     * One grant more: it begins where the line ends, or now if that is past or there is none. So nobody loses a day
     * that was bought early, and nobody pays for days before the grant was made.
     */
    Stretch extend(Instant now, int days) {
        return extend(now, Duration.ofDays(days));
    }

    Stretch extend(Instant now, Duration more) {
        var start = endsAt == null || endsAt.isBefore(now) ? now : endsAt;
        return new Stretch(memberId, length + 1, endsAt, start, start.plus(more));
    }

    /** The line is this much shorter from now on. */
    Stretch shorten(Duration less) {
        var end = Objects.requireNonNull(endsAt, "a line without entries cannot be shortened");
        return new Stretch(memberId, length + 1, end, end, end.minus(less));
    }

    /**
     * Where a new entry lies.
     *
     * @param previousEndsAt the end of the entry before it
     */
    record Stretch(long memberId, int seq, @Nullable Instant previousEndsAt, Instant startsAt, Instant endsAt) {

        Line line() {
            return new Line(memberId, seq, endsAt);
        }
    }
}
