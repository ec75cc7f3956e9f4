package io.tallyhook.benchmarks;

import java.time.Duration;

/**
 * How long to measure.
 *
 * @param rounds how often each case is measured; the median counts
 * @param round how long each time
 * @param clients how many work at the same time, in every case and in {@code pgbench}
 * @param wallets how many users spend, and how many others recharge
 * @param postings about how many postings a big ledger has
 * @param callbacks how many are sent each time
 * @param burst how many are sent at once
 * @param old how many payments, callbacks and recharges are there from before
 */
record Effort(int rounds, Duration round, int clients, int wallets, int postings, int callbacks, int burst, int old) {

    static final Effort FULL = new Effort(
            set("rounds", 5),
            Duration.ofSeconds(6),
            16,
            20_000,
            4_000_000,
            set("callbacks", 12_000),
            20_000,
            set("old", 10_000_000));
    static final Effort QUICK = new Effort(
            1, Duration.ofSeconds(2), 16, 5_000, 200_000, set("callbacks", 2_000), 2_000, set("old", 50_000));

    /** As many as a provider has open at the same time, and as many clients as {@code pgbench} has beside it. */
    static final int CONNECTIONS = 64;

    private static int set(String name, int otherwise) {
        return Integer.getInteger("tallyhook.bench." + name, otherwise);
    }
}
