package io.tallyhook.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What was answered to callbacks, and how fast. */
final class Answers {

    private final List<Callback> callbacks;
    private final List<Callback> acknowledged = new ArrayList<>();
    private final List<Callback> again = new ArrayList<>();
    private final List<Callback> refused = new ArrayList<>();
    private final long[] nanos;
    private int count;
    private Duration time = Duration.ZERO;

    Answers(List<Callback> callbacks) {
        this.callbacks = callbacks;
        this.nanos = new long[callbacks.size()];
    }

    void add(Connection.Reply reply, long now) {
        nanos[count++] = now - reply.since();
        var callback = callbacks.get(reply.request());
        if (reply.acknowledges()) {
            acknowledged.add(callback);
        } else if (reply.status() == 503 || reply.status() == 0) {
            again.add(callback);
        } else {
            refused.add(callback);
        }
    }

    boolean complete() {
        return count == nanos.length;
    }

    Answers within(long nanoseconds) {
        time = Duration.ofNanos(nanoseconds);
        Arrays.sort(nanos);
        return this;
    }

    Duration time() {
        return time;
    }

    /** Answered with success: somebody relies on it now. */
    List<Callback> acknowledged() {
        return acknowledged;
    }

    /** Answered with "come again", or not at all. */
    List<Callback> again() {
        return again;
    }

    /** Told that they are wrong. */
    List<Callback> refused() {
        return refused;
    }

    double perSecond() {
        return acknowledged.size() * 1e9 / time.toNanos();
    }

    /** Milliseconds within which this share of the answers came. */
    double milliseconds(double share) {
        return nanos[(int) Math.min(nanos.length - 1L, Math.round(share * nanos.length))] / 1e6;
    }
}
