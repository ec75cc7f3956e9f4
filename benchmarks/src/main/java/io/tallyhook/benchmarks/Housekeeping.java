package io.tallyhook.benchmarks;

import java.sql.Timestamp;
import java.time.Clock;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What the ledger does beside the bookings: seals every five seconds and rolls up every ten. In the end it finishes what is
 * left, so that a case bears the cost of sealing its own bookings, and no other does.
 */
record Housekeeping(JdbcClient jdbc, Clock clock) {

    /** Does this work and keeps house meanwhile and after it. */
    long during(LongSupplier work) {
        long done = beside(work);
        finish();
        return done;
    }

    private long beside(LongSupplier work) {
        try (var schedule = Executors.newScheduledThreadPool(1)) {
            var sealing = schedule.scheduleAtFixedRate(this::seal, 5, 5, TimeUnit.SECONDS);
            var rollingUp = schedule.scheduleAtFixedRate(this::rollUp, 10, 10, TimeUnit.SECONDS);
            long done = work.getAsLong();
            requireUnbroken(sealing);
            requireUnbroken(rollingUp);
            return done;
        }
    }

    /** A task that failed is not run again, and the figures would be too good. */
    private static void requireUnbroken(Future<?> task) {
        if (task.isDone()) {
            try {
                task.get();
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException("Sealing or rolling up failed", e);
            }
        }
    }

    private void finish() {
        boolean more = true;
        while (more) {
            more = seal();
        }
        rollUp();
    }

    private boolean seal() {
        return jdbc.sql("SELECT wallet.seal(:now) IS NOT NULL")
                .param("now", Timestamp.from(clock.instant()))
                .query(Boolean.class)
                .single();
    }

    private void rollUp() {
        jdbc.sql("SELECT wallet.roll_up(:now)")
                .param("now", Timestamp.from(clock.instant()))
                .query(Long.class)
                .single();
    }
}
