package io.tallyhook.wallet.audit;

import java.time.Instant;
import java.util.Optional;

/**
 * What became of a job that any instance does.
 *
 * @param name such as {@code proof-full}
 * @param startedAt when it was begun last
 * @param finishedAt when it ended last, well or not
 * @param result what the last run did, in a few words
 * @param step how far it is, or was when it ended, if it tells of that
 */
public record JobState(
        String name,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        Optional<String> result,
        Optional<Step> step) {

    static final String PUT_OFF = "put off: ";

    /**
     * One step of many.
     *
     * @param doing what it is about, such as {@code I5-lots-equal-balances}
     */
    public record Step(int number, int of, String doing) {}

    /** Whether it has begun and not ended; also so if the instance that did it was killed. */
    public boolean running() {
        return startedAt.isPresent()
                && finishedAt.map(end -> end.isBefore(startedAt.get())).orElse(true);
    }

    public boolean failed() {
        return result.map(text -> text.startsWith("failed")).orElse(false);
    }

    /** Whether the last run could not do its work and says when that will be done. */
    public boolean putOff() {
        return result.map(text -> text.startsWith(PUT_OFF)).orElse(false);
    }
}
