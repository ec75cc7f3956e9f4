package io.tallyhook.benchmarks;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What the ledger said it has booked, after the commit. */
final class Acknowledged {

    private final Queue<Booking> bookings = new ConcurrentLinkedQueue<>();

    /** One booking that somebody relies on. */
    record Booking(String kind, String key, long journalId) {}

    void add(String kind, String key, long journalId) {
        bookings.add(new Booking(kind, key, journalId));
    }

    List<Booking> all() {
        return List.copyOf(bookings);
    }
}
