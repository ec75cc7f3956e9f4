package io.tallyhook.payment.simulation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Stands still until a story says how much time goes by. */
final class StoryClock extends Clock {

    static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    private volatile Instant now = BEGINNING;

    void begins() {
        now = BEGINNING;
    }

    void jump(Duration time) {
        now = now.plus(time);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
