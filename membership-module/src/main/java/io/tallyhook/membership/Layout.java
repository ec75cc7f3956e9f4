package io.tallyhook.membership;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Which days of a line belong to which purchase, after all refunds. Found by going through the line's entries once more:
 * days that a refund takes are cut off the end of their own purchase, and what lies behind them moves forward, so that no
 * other purchase loses any.
 */
final class Layout {

    private final List<Grant> stretches = new ArrayList<>();

    private Layout() {}

    /**
     * @param entries of one line, in their order, without a gap; earlier ones may be left out, if what is asked for is not
     *     about them
     */
    static Layout of(List<LineEntry> entries) {
        var layout = new Layout();
        for (var entry : entries) {
            switch (entry.kind()) {
                case GRANT, GIVEN_BACK -> layout.append(entry.grant());
                case TAKEN ->
                    layout.cut(entry.outTradeNo(), Duration.between(entry.endsAt(), entry.startsAt()), entry.at());
            }
        }
        return layout;
    }

    /** What stands, oldest first; a purchase of which nothing stands is not there. */
    List<Grant> grants() {
        return stretches.stream()
                .filter(grant -> grant.expiresAt().isAfter(grant.startsAt()))
                .toList();
    }

    /** How much of what this payment granted lies ahead. */
    Duration ahead(String outTradeNo, Instant now) {
        return stretches.stream()
                .filter(grant -> grant.outTradeNo().equals(outTradeNo))
                .map(grant -> grant.ahead(now))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** What follows a stretch of the same purchase at once makes it longer: a refund that has failed leaves no seam. */
    private void append(Grant grant) {
        if (!stretches.isEmpty() && stretches.getLast().isContinuedBy(grant)) {
            stretches.add(stretches.removeLast().until(grant.expiresAt()));
        } else {
            stretches.add(grant);
        }
    }

    /** Takes from the end of what the payment granted. What is left over lies before the first entry that is known. */
    private void cut(String outTradeNo, Duration length, Instant at) {
        var left = length;
        for (int i = stretches.size() - 1; i >= 0; i--) {
            var stretch = stretches.get(i);
            if (stretch.outTradeNo().equals(outTradeNo)) {
                var ahead = stretch.ahead(at);
                var cut = ahead.compareTo(left) < 0 ? ahead : left;
                stretches.set(i, stretch.until(stretch.expiresAt().minus(cut)));
                moveForward(i + 1, cut);
                left = left.minus(cut);
            }
        }
        moveForward(0, left);
    }

    private void moveForward(int from, Duration distance) {
        stretches.subList(from, stretches.size()).replaceAll(grant -> grant.earlierBy(distance));
    }
}
