package io.tallyhook.payment.refund;

import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.booking.Booking;
import io.tallyhook.payment.booking.ConfirmPayments;
import io.tallyhook.payment.booking.KnownPayment;
import io.tallyhook.payment.booking.PaymentsUnderDecision;
import io.tallyhook.payment.provider.Claim;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Fact.RefundResult;
import io.tallyhook.payment.refund.HopelessRefunds.HopelessRefund;
import io.tallyhook.payment.refund.HopelessRefunds.Proposal;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Two persons end a refund on which its provider gives no clear answer. It is booked as a fact like any other, so that a notice
 * of the same moment is either before it, and then it is refused, or after it, and then contradicts what is known.
 */
@Component
public class GiveUp {

    /** Two persons say it, so there is nobody to compare. */
    private static final Claim NOBODY = new Claim(Map.of());

    private final TransactionTemplate transaction;
    private final PaymentsUnderDecision payments;
    private final HopelessRefunds refunds;
    private final ConfirmPayments confirmPayments;
    private final DueRefunds due;
    private final AdvanceRefund advance;
    private final Clock clock;

    GiveUp(
            PlatformTransactionManager transactions,
            PaymentsUnderDecision payments,
            HopelessRefunds refunds,
            ConfirmPayments confirmPayments,
            DueRefunds due,
            AdvanceRefund advance,
            Clock clock) {
        this.transaction = new TransactionTemplate(transactions);
        this.payments = payments;
        this.refunds = refunds;
        this.confirmPayments = confirmPayments;
        this.due = due;
        this.advance = advance;
        this.clock = clock;
    }

    /** @param as {@code FAILED}, or {@code SUCCEEDED} with a reference */
    public void propose(
            String outTradeNo, String refundNo, String as, String reason, @Nullable String reference, String actor) {
        RequestRefund.requireNoTransaction();
        transaction.executeWithoutResult(status -> requireUndecided(outTradeNo, refundNo));
        requireNoAnswer(outTradeNo, refundNo);
        transaction.executeWithoutResult(status -> {
            requireUndecided(outTradeNo, refundNo);
            refunds.propose(outTradeNo, refundNo, as, reason, reference, actor);
        });
    }

    public void confirm(String outTradeNo, String refundNo, String actor) {
        RequestRefund.requireNoTransaction();
        transaction.executeWithoutResult(status -> requireProposed(outTradeNo, refundNo, actor));
        requireNoAnswer(outTradeNo, refundNo);
        transaction.executeWithoutResult(status -> {
            var payment = locked(outTradeNo);
            var proposal = requireProposed(outTradeNo, refundNo, actor);
            book(payment, refundNo, proposal);
            refunds.confirmed(outTradeNo, refundNo, proposal, actor);
        });
    }

    public void reject(String outTradeNo, String refundNo, String actor) {
        transaction.executeWithoutResult(status -> {
            var proposal = hopeless(outTradeNo, refundNo)
                    .proposal()
                    .orElseThrow(() -> Refusal.conflict(
                            "nothing-proposed", "Nobody proposes to give up refund %s any more.".formatted(refundNo)));
            refunds.reject(outTradeNo, refundNo, proposal, actor);
        });
    }

    private KnownPayment locked(String outTradeNo) {
        return Optional.ofNullable(payments.lock(List.of(outTradeNo)).get(outTradeNo))
                .orElseThrow(() -> Refusal.notFound("payment", outTradeNo));
    }

    private void requireUndecided(String outTradeNo, String refundNo) {
        if (hopeless(outTradeNo, refundNo).proposal().isPresent()) {
            throw Refusal.conflict(
                    "proposed-before", "Somebody proposes to give up refund %s already.".formatted(refundNo));
        }
    }

    private Proposal requireProposed(String outTradeNo, String refundNo, String actor) {
        var refund = hopeless(outTradeNo, refundNo);
        var proposal = refund.proposal()
                .orElseThrow(() -> Refusal.conflict(
                        "nothing-proposed", "Nobody proposes to give up refund %s any more.".formatted(refundNo)));
        if (proposal.by().equals(actor)) {
            throw Refusal.conflict(
                    "own-proposal",
                    "You have proposed to give up refund %s yourself, so a second person must confirm it."
                            .formatted(refundNo));
        }
        if (!proposal.nobodySends()) {
            throw beingSent(refundNo);
        }
        return proposal;
    }

    private HopelessRefund hopeless(String outTradeNo, String refundNo) {
        return refunds.lock(outTradeNo, refundNo)
                .orElseThrow(() -> Refusal.conflict(
                        "refund-not-hopeless",
                        "Refund %s cannot be given up: it has ended, or the provider is still expected to answer."
                                .formatted(refundNo)));
    }

    private void requireNoAnswer(String outTradeNo, String refundNo) {
        var refund = due.claim(outTradeNo, refundNo).orElseThrow(() -> beingSent(refundNo));
        if (advance.isAnswered(refund)) {
            throw Refusal.conflict(
                    "refund-answered",
                    "The provider has an answer about refund %s now, so it is not given up. Look at it again."
                            .formatted(refundNo));
        }
    }

    private static Refusal beingSent(String refundNo) {
        return Refusal.conflict(
                "refund-being-sent",
                "Refund %s may be on its way to the provider at this moment. Try again in a minute."
                        .formatted(refundNo));
    }

    private void book(KnownPayment payment, String refundNo, Proposal proposal) {
        var fact = new Fact.Refunded(
                payment.outTradeNo(),
                NOBODY,
                proposal.paidOut() ? RefundResult.SUCCEEDED : RefundResult.FAILED,
                null,
                refundNo,
                null,
                proposal.amountOf(payment),
                null,
                null,
                clock.instant().truncatedTo(ChronoUnit.MICROS));
        var booking = new Booking(payment.provider(), payment.account(), NOBODY, fact);
        var decision = confirmPayments.book(List.of(booking), decisions -> {}).getFirst();
        if (decision.change().isEmpty()) {
            throw Refusal.conflict(
                    "refund-exceeds-payment",
                    "Refund %s cannot have been paid out: with what others gave back it is more than was paid."
                            .formatted(refundNo));
        }
    }
}
