package io.tallyhook.benchmarks;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * One measurement.
 *
 * @param count what was done
 * @param cpu what it took of processors, where that is known
 */
record Sample(long count, Duration time, Optional<CpuTime> cpu) {

    static Sample of(Optional<CpuTime.Meter> meter, LongSupplier work) {
        var before = meter.map(CpuTime.Meter::now);
        long begin = System.nanoTime();
        long count = work.getAsLong();
        var time = Duration.ofNanos(System.nanoTime() - begin);
        return new Sample(
                count, time, meter.flatMap(now -> before.map(then -> now.now().since(then))));
    }

    double perSecond() {
        return count * 1e9 / time.toNanos();
    }

    /** Microseconds of the server's processor time for each. */
    double serverMicros() {
        return cpu.map(CpuTime::server).orElse(0L) * 1e4 / count;
    }

    /** Microseconds of the clients' processor time for each. */
    double clientMicros() {
        return cpu.map(CpuTime::client).orElse(0L) * 1e4 / count;
    }
}
