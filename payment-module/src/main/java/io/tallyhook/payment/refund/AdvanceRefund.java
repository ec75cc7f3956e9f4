package io.tallyhook.payment.refund;

import io.tallyhook.payment.PaymentSettings;
import io.tallyhook.payment.booking.Intake;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.provider.Claim;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Fact.RefundResult;
import io.tallyhook.payment.provider.PaymentGateway.ProviderRefused;
import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import io.tallyhook.payment.provider.RefundAnswer;
import io.tallyhook.payment.provider.RefundOrder;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Takes a refund one step further at its provider, outside of any transaction: what may have been sent before is asked for,
 * what is not known there is sent, always under the same number, and the answer is booked.
 */
@Component
class AdvanceRefund {

    private static final Logger log = LoggerFactory.getLogger(AdvanceRefund.class);

    private static final Claim NOBODY = new Claim(Map.of());

    /** Our lease has ended, and another goes on with it. */
    private static final class Overtaken extends RuntimeException {}

    private final RefundParties parties;
    private final DueRefunds due;
    private final Intake intake;
    private final PaymentSettings settings;

    AdvanceRefund(RefundParties parties, DueRefunds due, Intake intake, PaymentSettings settings) {
        this.parties = parties;
        this.due = due;
        this.intake = intake;
        this.settings = settings;
    }

    void advance(DueRefund refund) {
        advance(refund, false);
    }

    /**
     * @param insist whether it is sent again though the provider says that it has it and is not done; for a refund that a
     *     person wants to be tried again
     */
    void advance(DueRefund refund, boolean insist) {
        attempt(refund, () -> book(refund, answer(refund, insist && !refund.givingUp())));
    }

    private void attempt(DueRefund refund, Runnable something) {
        try {
            something.run();
        } catch (Overtaken e) {
            log.info("Refund {} has been taken on by somebody else meanwhile", refund.refundNo());
        } catch (ProviderUnclear e) {
            log.info("Refund {} is unclear at {}: {}", refund.refundNo(), refund.provider(), e.getMessage());
            due.unclear(refund, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            log.error("Refund {} of payment {} cannot go on now", refund.refundNo(), refund.outTradeNo(), e);
            due.unclear(refund, e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    /**
     * Only asks, and books what is said.
     *
     * @return whether the provider knows how it ended or goes on with it, even if that could not be booked
     */
    boolean isAnswered(DueRefund refund) {
        Optional<RefundAnswer> known;
        try {
            known = parties.gateway(refund.provider()).queryRefund(order(refund));
        } catch (RuntimeException e) {
            due.unclear(refund, String.valueOf(e.getMessage()));
            return false;
        }
        attempt(refund, () -> book(refund, known.orElseThrow(AdvanceRefund::notKnown)));
        return known.isPresent() && !(known.get() instanceof RefundAnswer.Stuck);
    }

    private static ProviderUnclear notKnown() {
        return new ProviderUnclear("it is not known there", null);
    }

    private RefundAnswer answer(DueRefund refund, boolean insist) {
        var gateway = parties.gateway(refund.provider());
        var order = order(refund);
        if (refund.mayHaveBeenSent()) {
            var known = gateway.queryRefund(order);
            boolean open = known.isEmpty() || known.get() instanceof RefundAnswer.Stuck;
            if (known.isPresent() && !(open && insist)) {
                return known.get();
            }
            if (refund.accepted() && !insist) {
                throw new ProviderUnclear("it was accepted, but is not known there now", null);
            }
            if (refund.givingUp()) {
                throw notKnown();
            }
        }
        if (!due.renew(refund)) {
            throw new Overtaken();
        }
        try {
            return gateway.refund(order);
        } catch (ProviderRefused e) {
            return refused(refund, e);
        }
    }

    /** What was accepted once has not failed because a repeat is refused. */
    private RefundAnswer refused(DueRefund refund, ProviderRefused refusal) {
        var why = refusal.code() + ": " + refusal.getMessage();
        if (refund.accepted()) {
            throw new ProviderUnclear("it was accepted, but not again: " + why, refusal);
        }
        log.warn("{} refused refund {}: {}", refund.provider(), refund.refundNo(), why);
        due.unclear(refund, why);
        return new RefundAnswer.Ended(new Fact.Refunded(
                refund.outTradeNo(),
                NOBODY,
                RefundResult.FAILED,
                null,
                refund.refundNo(),
                null,
                refund.amount(),
                null,
                null,
                null));
    }

    private void book(DueRefund refund, RefundAnswer answer) {
        switch (answer) {
            case RefundAnswer.Accepted accepted -> due.accepted(refund, accepted.providerRefundId());
            case RefundAnswer.Stuck stuck -> due.stuck(refund, stuck.state(), stuck.providerRefundId());
            case RefundAnswer.Ended ended -> {
                var decision = intake.bookAnswer(refund.provider(), refund.account(), ended.fact());
                if (decision.outcome() == Outcome.MISMATCH) {
                    throw new ProviderUnclear("the answer does not fit: " + decision.differences(), null);
                }
            }
        }
    }

    private RefundOrder order(DueRefund refund) {
        return new RefundOrder(
                refund.account(),
                refund.outTradeNo(),
                refund.refundNo(),
                refund.amount(),
                refund.paid(),
                refund.reason(),
                settings.callbackUrl(refund.provider(), refund.account()));
    }
}
