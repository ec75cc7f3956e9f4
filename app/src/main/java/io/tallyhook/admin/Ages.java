package io.tallyhook.admin;

import io.tallyhook.payment.board.BoardLine;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** How long ago lines began. */
final class Ages {

    private Ages() {}

    /** In their order; a provider's clock may be ahead of ours, and nothing is younger than now. */
    static List<Duration> of(List<BoardLine> lines, Clock clock) {
        var now = clock.instant();
        return lines.stream()
                .map(line -> Duration.between(line.since(), now))
                .map(age -> age.isNegative() ? Duration.ZERO : age)
                .toList();
    }
}
