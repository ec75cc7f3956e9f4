package io.tallyhook.payment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Payments that are handed out again all together, in the background.
 *
 * @param filter which payments they are, for people
 * @param found how many they were when it was begun
 * @param retried how many were handed out again so far
 * @param skipped with how many nothing had to be done any more, or nothing could be
 * @param cancelledBy who stopped it, if somebody did
 */
public record RetryJob(
        long id,
        Instant createdAt,
        String actor,
        String filter,
        int found,
        int retried,
        int skipped,
        State state,
        @Nullable Instant finishedAt,
        @Nullable String cancelledBy) {

    /** How far it is. */
    public enum State {
        RUNNING,
        DONE,
        CANCELLED
    }

    /** How many are through. */
    public int through() {
        return retried + skipped;
    }

    public boolean running() {
        return state == State.RUNNING;
    }
}
