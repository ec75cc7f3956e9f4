package io.tallyhook.benchmarks;

/** One of many that work at the same time. */
interface Client {

    /** Does its work once. Answers how many bookings it was told are done. */
    int work();
}
