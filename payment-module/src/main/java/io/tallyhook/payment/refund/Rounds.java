package io.tallyhook.payment.refund;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does small steps on a few threads of its own until there is nothing left to do, so that neither the scheduler nor a callback
 * waits for a provider. Beginning is free, and never starts more than the few.
 */
final class Rounds implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Rounds.class);

    private final BooleanSupplier step;
    private final int threads;
    private final int steps;
    private final ExecutorService pool;

    /** How many rounds run or wait. */
    private final AtomicInteger rounds = new AtomicInteger();

    /**
     * @param step does one thing and answers whether there was one
     * @param steps how many one round does at most on each thread
     */
    Rounds(String name, int threads, int steps, BooleanSupplier step) {
        this.step = step;
        this.threads = threads;
        this.steps = steps;
        this.pool = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().name(name + "-", 0).factory());
    }

    /** Begins a round on each thread; those that are busy do one more after theirs, since something new may be there. */
    void begin() {
        for (int i = 0; i < threads; i++) {
            if (rounds.incrementAndGet() > 2 * threads) {
                rounds.decrementAndGet();
                return;
            }
            try {
                pool.execute(this::round);
            } catch (RejectedExecutionException stopping) {
                rounds.decrementAndGet();
                return;
            }
        }
    }

    private void round() {
        try {
            int done = 0;
            while (done < steps && !pool.isShutdown() && step.getAsBoolean()) {
                done++;
            }
        } catch (RuntimeException e) {
            log.error("A round was cut short; the next one goes on", e);
        } finally {
            rounds.decrementAndGet();
        }
    }

    /** Finishes the steps that are being done. */
    @Override
    public void close() {
        pool.shutdown();
        try {
            if (!pool.awaitTermination(20, TimeUnit.SECONDS)) {
                log.warn("A step takes long to end; its lease brings it back");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
