package io.tallyhook.payment.asking;

import java.time.Duration;
import java.util.Optional;

/** Whether an account's callbacks have stopped, or nobody has just paid anything. Pure. */
final class Silence {

    private final SilenceSettings settings;

    Silence(SilenceSettings settings) {
        this.settings = settings;
    }

    /** Why an account counts as silent. */
    enum Cause {
        /** Payments are opened as usual, of which some should have been paid by now. */
        NONE_FOR_OPENED,
        /** Payments were paid, and no callback told of them. */
        FOUND_PAID
    }

    /** @param expected how many callbacks are missing by the usual rate */
    record Finding(Cause cause, long expected) {}

    Optional<Finding> judge(Traffic traffic) {
        if (heardLately(traffic)) {
            return Optional.empty();
        }
        long expected = expected(traffic);
        if (traffic.foundPaid() >= settings.found()) {
            return Optional.of(new Finding(Cause.FOUND_PAID, expected));
        }
        return expected >= settings.expected()
                ? Optional.of(new Finding(Cause.NONE_FOR_OPENED, expected))
                : Optional.empty();
    }

    private boolean heardLately(Traffic traffic) {
        return traffic.lastHeard()
                .map(heard -> Duration.between(heard, traffic.now()).compareTo(settings.quiet()) < 0)
                .orElse(false);
    }

    /** What the provider itself calls unpaid is not missing, however many usually pay: nobody pays what a robot opens. */
    private long expected(Traffic traffic) {
        if (traffic.usuallyTold() < settings.learnedFrom() || traffic.usuallyOpened() == 0) {
            return 0;
        }
        long unexplained = Math.max(0, traffic.openedSince() - traffic.saidUnpaid());
        return Math.multiplyExact(unexplained, Math.min(traffic.usuallyTold(), traffic.usuallyOpened()))
                / traffic.usuallyOpened();
    }
}
