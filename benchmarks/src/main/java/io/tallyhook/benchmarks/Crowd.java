package io.tallyhook.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/** Clients that each work again and again until the time is over. */
record Crowd(int clients, Client client) {

    /** Answers how many bookings they were told are done. A client that fails makes the whole run fail. */
    long work(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        Callable<Long> one = () -> {
            long done = 0;
            while (System.nanoTime() < end) {
                done += client.work();
            }
            return done;
        };
        try (var threads = Executors.newFixedThreadPool(clients)) {
            var running = new ArrayList<Callable<Long>>();
            for (int n = 0; n < clients; n++) {
                running.add(one);
            }
            long done = 0;
            for (var each : threads.invokeAll(running)) {
                done += each.get();
            }
            return done;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("A client failed", e);
        }
    }
}
