package io.tallyhook.benchmarks;

import java.time.Duration;

/**
 * Callbacks sent once, beside {@code pgbench}.
 *
 * @param plain transactions per second of {@code pgbench}
 * @param all from the first callback to the last fulfilment
 * @param usage in that time
 */
record Round(double plain, Answers answers, Duration all, Usage usage) {

    double ratio() {
        return answers.perSecond() / plain;
    }

    /** Fulfilled per second, as a share of what was acknowledged per second. */
    double endToEnd() {
        return (double) answers.time().toNanos() / all.toNanos();
    }

    /** Milliseconds between the last acknowledgement and the last fulfilment. */
    double lag() {
        return all.minus(answers.time()).toNanos() / 1e6;
    }

    /** For each callback, of something that was used by all. */
    double each(long used) {
        return (double) used / answers.acknowledged().size();
    }

    /** Microseconds for each callback. */
    double micros(long hundredths) {
        return each(hundredths) * 1e4;
    }
}
