package io.tallyhook.payment.policy;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Applies the policies: every few seconds it decides about the payments that have been parked long enough, asks for the refunds
 * that were decided on, and learns how they ended. Any number of instances may run it.
 */
@Component
class PolicySweep {

    private static final Logger log = LoggerFactory.getLogger(PolicySweep.class);

    private final DecideParked decide;
    private final StartedRefunds started;
    private final AskForRefund refund;

    PolicySweep(DecideParked decide, StartedRefunds started, AskForRefund refund) {
        this.decide = decide;
        this.started = started;
        this.refund = refund;
    }

    @Scheduled(
            fixedDelayString = "${tallyhook.policies.sweep-every:10s}",
            initialDelayString = "${tallyhook.policies.sweep-every:10s}")
    void sweep() {
        started.learnHowRefundsEnded();
        for (int i = 0; i < PolicySettings.PER_SWEEP && (decideOne() | askForOne()); i++) {
            log.debug("One more was decided");
        }
    }

    /** @return whether there was one */
    boolean decideOne() {
        var decided = decide.decideOne();
        decided.flatMap(DecideParked.Decided::refund).ifPresent(refund::ask);
        return decided.isPresent();
    }

    /** Goes on with one that was cut short. @return whether there was one */
    boolean askForOne() {
        var due = started.claim();
        due.ifPresent(refund::ask);
        return due.isPresent();
    }
}
