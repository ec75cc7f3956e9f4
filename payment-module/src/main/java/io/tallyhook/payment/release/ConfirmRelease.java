package io.tallyhook.payment.release;

import io.tallyhook.payment.InterventionResult;
import io.tallyhook.payment.InterventionResult.Code;
import io.tallyhook.payment.Interventions;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.booking.KnownPayment;
import io.tallyhook.payment.booking.PaymentsUnderDecision;
import io.tallyhook.payment.callback.QuarantinedDeliveries;
import io.tallyhook.payment.policy.ReleasedRefunds;
import io.tallyhook.payment.release.Release.Action;
import io.tallyhook.payment.release.Release.State;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The second person's word on a proposal. The first word counts. */
@Component
class ConfirmRelease {

    private final QuarantinedDeliveries deliveries;
    private final ExamineDelivery examine;
    private final PaymentsUnderDecision payments;
    private final ReleaseRows rows;
    private final BookRelease book;
    private final ReleasedRefunds refunds;
    private final Interventions interventions;
    private final TransactionTemplate transaction;

    ConfirmRelease(
            QuarantinedDeliveries deliveries,
            ExamineDelivery examine,
            PaymentsUnderDecision payments,
            ReleaseRows rows,
            BookRelease book,
            ReleasedRefunds refunds,
            Interventions interventions,
            PlatformTransactionManager transactions) {
        this.deliveries = deliveries;
        this.examine = examine;
        this.payments = payments;
        this.rows = rows;
        this.book = book;
        this.refunds = refunds;
        this.interventions = interventions;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** Books it; then the money is asked to go back, if it shall. What of that is cut short goes on by itself. */
    void confirm(Release proposal, String actor) {
        requireAnother(proposal, actor);
        var delivery = deliveries.verify(proposal.callbackId().toString());
        transaction.executeWithoutResult(status -> {
            var payment = lock(proposal);
            decide(proposal, State.RELEASED, actor, null);
            var accepted = examine.accept(delivery.booking(), payment, proposal.action(), proposal.received());
            book.book(
                    accepted,
                    Objects.requireNonNull(payment).purpose(),
                    proposal.action(),
                    proposal.reason(),
                    proposal.proposedBy());
            record(
                    proposal,
                    "CONFIRM_RELEASE",
                    actor,
                    InterventionResult.of(Code.RELEASE_CONFIRMED, proposal.action(), proposal.received()));
        });
        if (proposal.action() == Action.REFUND) {
            refunds.ask(proposal.outTradeNo());
        }
    }

    void reject(Release proposal, String actor, String note) {
        boolean own = proposal.proposedBy().equals(actor);
        transaction.executeWithoutResult(status -> {
            lock(proposal);
            decide(proposal, own ? State.WITHDRAWN : State.DECLINED, actor, note);
            record(
                    proposal,
                    own ? "WITHDRAW_RELEASE" : "DECLINE_RELEASE",
                    actor,
                    InterventionResult.of(Code.RELEASE_REJECTED, note));
        });
    }

    private @Nullable KnownPayment lock(Release proposal) {
        return payments.lock(List.of(proposal.outTradeNo())).get(proposal.outTradeNo());
    }

    private void decide(Release proposal, State state, String actor, @Nullable String note) {
        if (!rows.decide(proposal.id(), state, actor, note)) {
            throw Refusal.conflict(
                    "release-not-waiting",
                    "The release of payment %s does not wait for a second person any more: somebody has decided on it."
                            .formatted(proposal.outTradeNo()));
        }
    }

    private void record(Release proposal, String action, String actor, InterventionResult result) {
        interventions.record(actor, action, proposal.outTradeNo(), proposal.callbackId(), result);
    }

    private static void requireAnother(Release proposal, String actor) {
        if (proposal.proposedBy().equals(actor)) {
            throw Refusal.conflict(
                    "own-release",
                    "You have proposed to release payment %s yourself, so a second person must confirm it."
                            .formatted(proposal.outTradeNo()));
        }
    }
}
