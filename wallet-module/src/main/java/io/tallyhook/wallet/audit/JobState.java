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
 */
public record JobState(
        String name, Optional<Instant> startedAt, Optional<Instant> finishedAt, Optional<String> result) {

    /** Whether it has begun and not ended; also so if the instance that did it was killed. */
    public boolean running() {
        return startedAt.isPresent()
                && finishedAt.map(end -> end.isBefore(startedAt.get())).orElse(true);
    }

    public boolean failed() {
        return result.map(text -> text.startsWith("failed")).orElse(false);
    }
}
