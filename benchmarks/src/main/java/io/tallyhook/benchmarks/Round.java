package io.tallyhook.benchmarks;

import java.time.Duration;

/**
 * Callbacks sent once, beside {@code pgbench}.
 *
 * @param plain what {@code pgbench} did
 * @param all from the first callback to the last fulfilment
 * @param usage in that time
 */
record Round(Plain plain, Answers answers, Duration all, Usage usage) {

    /**
     * Transactions of {@code pgbench}.
     *
     * @param usage of PostgreSQL and of {@code pgbench} itself, a process of ours
     */
    record Plain(long count, Duration time, Usage usage) {

        static final Plain NONE = new Plain(0, Duration.ZERO, new Usage(0, 0, 0, 0, 0));

        double perSecond() {
            return count * 1e9 / time.toNanos();
        }

        /** Microseconds of processor time for each. */
        double micros() {
            return (usage.server() + usage.own()) * 1e4 / count;
        }
    }

    double ratio() {
        return answers.perSecond() / plain.perSecond();
    }

    /**
     * The same by processor time, everything included. It is what the ratio comes to where nothing but processors binds,
     * and others on the machine hardly move it.
     */
    double ratioOfProcessorTime() {
        return plain.micros() / micros(usage.application() + usage.server() + usage.own());
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
