package io.tallyhook.payment.refund;

import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.booking.KnownPayment;
import io.tallyhook.payment.booking.PaymentsUnderDecision;
import io.tallyhook.payment.refund.BookIntent.Intent;
import io.tallyhook.payment.refund.WaitingRefunds.WaitingRefund;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The second person's word on a refund that waits for it: it is sent, or it has failed. The first word counts. */
@Component
public class DecideRefund {

    private final TransactionTemplate transaction;
    private final PaymentsUnderDecision payments;
    private final WaitingRefunds waiting;
    private final BookIntent intents;
    private final DueRefunds due;
    private final AdvanceRefund advance;
    private final RefundSweep sweep;

    DecideRefund(
            PlatformTransactionManager transactions,
            PaymentsUnderDecision payments,
            WaitingRefunds waiting,
            BookIntent intents,
            DueRefunds due,
            AdvanceRefund advance,
            RefundSweep sweep) {
        this.transaction = new TransactionTemplate(transactions);
        this.payments = payments;
        this.waiting = waiting;
        this.intents = intents;
        this.due = due;
        this.advance = advance;
        this.sweep = sweep;
    }

    /**
     * @throws Refusal 404 if there is no such payment, 409 if it does not wait or the actor has asked for it himself
     * @throws IllegalStateException in a transaction, since it calls the provider
     */
    public void approve(String outTradeNo, String refundNo, String actor) {
        RequestRefund.requireNoTransaction();
        var intent = transaction.execute(status -> {
            var payment = locked(outTradeNo);
            var refund = waiting(outTradeNo, refundNo);
            if (refund.requestedBy().equals(actor)) {
                throw Refusal.conflict(
                        "own-refund",
                        "You have asked for refund %s yourself, so a second person must approve it."
                                .formatted(refundNo));
            }
            waiting.approve(outTradeNo, refundNo, actor);
            return intents.letGo(payment, refund.of(payment));
        });
        if (intent instanceof Intent.ToBeSent) {
            due.justWritten(outTradeNo, refundNo).ifPresent(advance::advance);
        }
    }

    /**
     * @param actor anybody; who has asked for it withdraws it
     * @throws Refusal 404 if there is no such payment, 409 if it does not wait
     */
    public void reject(String outTradeNo, String refundNo, String actor, String note) {
        transaction.executeWithoutResult(status -> {
            locked(outTradeNo);
            waiting.reject(outTradeNo, waiting(outTradeNo, refundNo), actor, note);
        });
        sweep.hint();
    }

    private KnownPayment locked(String outTradeNo) {
        return Optional.ofNullable(payments.lock(List.of(outTradeNo)).get(outTradeNo))
                .orElseThrow(() -> Refusal.notFound("payment", outTradeNo));
    }

    private WaitingRefund waiting(String outTradeNo, String refundNo) {
        return waiting.lock(outTradeNo, refundNo)
                .orElseThrow(() -> Refusal.conflict(
                        "refund-not-waiting",
                        "Refund %s does not wait for a second person: somebody has decided on it before, or nobody has to."
                                .formatted(refundNo)));
    }
}
