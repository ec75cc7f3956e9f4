package io.tallyhook.payment.policy;

import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.Refusal;
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
    private final Decisions decisions;
    private final Refunds refunds;

    PolicySweep(DecideParked decide, Decisions decisions, Refunds refunds) {
        this.decide = decide;
        this.decisions = decisions;
        this.refunds = refunds;
    }

    @Scheduled(
            fixedDelayString = "${tallyhook.policies.sweep-every:10s}",
            initialDelayString = "${tallyhook.policies.sweep-every:10s}")
    void sweep() {
        decisions.learnHowRefundsEnded();
        for (int i = 0; i < PolicySettings.PER_SWEEP && (decideOne() | askForOne()); i++) {
            log.debug("One more was decided");
        }
    }

    /** @return whether there was one */
    boolean decideOne() {
        var decided = decide.decideOne();
        decided.flatMap(DecideParked.Decided::refund).ifPresent(this::ask);
        return decided.isPresent();
    }

    /** Goes on with one that was cut short. @return whether there was one */
    boolean askForOne() {
        var started = decisions.claimStarted();
        started.ifPresent(this::ask);
        return started.isPresent();
    }

    /** What cannot be done just now keeps its lease, and is asked for again when that ends. */
    private void ask(StartedRefund refund) {
        try {
            refunds.request(refund.request());
            decisions.refunding(refund);
        } catch (Refusal refusal) {
            if (!refusal.status().is5xxServerError() || refund.attempts() >= PolicySettings.ATTEMPTS) {
                asksSomebody(refund, refusal);
            }
        } catch (RuntimeException e) {
            if (refund.attempts() >= PolicySettings.ATTEMPTS) {
                asksSomebody(refund, e);
            } else {
                log.error("The refund of payment {} by its policy could not be asked for", refund.outTradeNo(), e);
            }
        }
    }

    private void asksSomebody(StartedRefund refund, RuntimeException why) {
        log.warn("The refund of payment {} by its policy was refused: {}", refund.outTradeNo(), why.getMessage());
        decisions.asks(refund, String.valueOf(why.getMessage()));
    }
}
