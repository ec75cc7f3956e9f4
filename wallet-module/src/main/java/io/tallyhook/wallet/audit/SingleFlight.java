package io.tallyhook.wallet.audit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers who ask at the same time share one computation. Whoever asks while one runs waits for the next, so that every
 * answer has seen what was there when it was asked for; at most one runs and one waits, however many ask.
 */
final class SingleFlight<T> {

    private final ReentrantLock running = new ReentrantLock();
    private @Nullable CompletableFuture<T> waiting;

    T call(Supplier<T> work) {
        CompletableFuture<T> flight;
        boolean leads;
        synchronized (this) {
            leads = waiting == null;
            flight = waiting == null ? new CompletableFuture<>() : waiting;
            waiting = flight;
        }
        if (leads) {
            fly(flight, work);
        }
        return landed(flight);
    }

    private void fly(CompletableFuture<T> flight, Supplier<T> work) {
        running.lock();
        try {
            synchronized (this) {
                waiting = null;
            }
            flight.complete(work.get());
        } catch (RuntimeException | Error e) {
            flight.completeExceptionally(e);
        } finally {
            running.unlock();
        }
    }

    private static <T> T landed(CompletableFuture<T> flight) {
        try {
            return flight.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
