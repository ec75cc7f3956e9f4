package io.tallyhook.payment;

import io.tallyhook.payment.Entitlement.Preview;
import io.tallyhook.payment.InterventionResult.Code;
import io.tallyhook.payment.refund.DecideRefund;
import io.tallyhook.payment.refund.PreviewRefund;
import io.tallyhook.payment.refund.RequestRefund;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Money that goes back.
 *
 * <p>A refund is an intent first: what was handed out for the money is taken back, and what was not handed out yet is kept
 * from it, in the transaction that writes the refund down. Then it is sent to the provider, as often as it takes and always
 * under the same number, so that the money moves once. What the provider says settles it; a definite failure gives back what
 * was taken. Above a set limit the money does not go on one person's word: the refund is written down, and waits for a second
 * person before it is sent.
 */
@Component
public class Refunds {

    private final PaymentRows payments;
    private final RefundRows rows;
    private final RequestRefund requests;
    private final PreviewRefund previews;
    private final DecideRefund decisions;
    private final Interventions interventions;

    Refunds(
            PaymentRows payments,
            RefundRows rows,
            RequestRefund requests,
            PreviewRefund previews,
            DecideRefund decisions,
            Interventions interventions) {
        this.payments = payments;
        this.rows = rows;
        this.requests = requests;
        this.previews = previews;
        this.decisions = decisions;
        this.interventions = interventions;
    }

    /**
     * Asks for money to be given back. Must not be called in a transaction.
     *
     * @return the refund: usually with the provider already, or done; if the provider gave no clear answer it stays {@code
     *     REQUESTED} and is sent again; if it needs a second person it stays {@code REQUESTED} until he has decided; if it has definitely refused it is {@code FAILED}. A repeat answers it as it stands now
     * @throws Refusal 404 if there is no such payment; 409 if it is not paid, if more would go back than was paid, if the
     *     number was used for something else, or with what the module of the purpose declined, such as that what was
     *     bought is used up
     */
    public Refund request(RefundRequest asked) {
        requests.request(asked);
        return get(asked.outTradeNo(), asked.refundNo());
    }

    /**
     * Says what {@link #request} would take back now, and what cannot be. Changes nothing.
     *
     * @param amount in minor units of the payment's currency
     * @param actor who would ask for it
     * @throws Refusal as {@link #request} would, but for what the module declines with: that is in the preview
     */
    public Preview preview(String outTradeNo, long amount, String actor) {
        return previews.preview(outTradeNo, amount, actor);
    }

    /**
     * The refunds of a payment, oldest first.
     *
     * @throws Refusal (404) if there is no such payment
     */
    public List<Refund> of(String outTradeNo) {
        if (payments.find(outTradeNo).isEmpty()) {
            throw Refusal.notFound("payment", outTradeNo);
        }
        return rows.of(outTradeNo);
    }

    /**
     * One refund of a payment.
     *
     * @throws Refusal (404) if there is none
     */
    public Refund get(String outTradeNo, String refundNo) {
        return of(outTradeNo).stream()
                .filter(refund -> refund.refundNo().equals(refundNo))
                .findFirst()
                .orElseThrow(() -> Refusal.notFound("refund", refundNo));
    }

    /**
     * Refunds that a person must look at, oldest first: waiting for a second person, stuck at the provider, without a clear answer for an hour, not taken
     * back in full, or whose module fails when it is told.
     */
    public List<Refund> needingSomebody() {
        return rows.needingSomebody();
    }

    /** Refunds that are not sent before a second person has approved them, oldest first. */
    public List<Refund> awaitingApproval() {
        return rows.awaitingApproval();
    }

    /**
     * Lets the money of a refund go that waits for a second person: it is sent at once, as {@link #request} does. Must not be
     * called in a transaction.
     *
     * @param actor the second person; recorded
     * @throws Refusal 404 if there is none; 409 if it does not wait, since somebody has decided before, or if the actor has
     *     asked for it himself
     */
    public Refund approve(String outTradeNo, String refundNo, String actor) {
        get(outTradeNo, refundNo);
        decisions.approve(outTradeNo, refundNo, actor);
        return get(outTradeNo, refundNo);
    }

    /**
     * Ends a refund that waits for a second person: it is {@code FAILED}, nothing was sent, and what was taken for it is given
     * back. Who has asked for it withdraws it so.
     *
     * @param actor the person who decides; recorded
     * @param note why: 1 to 200 characters that can be printed
     * @throws Refusal 400 for the note; 404 if there is none; 409 if it does not wait, since somebody has decided before
     */
    public Refund reject(String outTradeNo, String refundNo, String actor, String note) {
        RefundRequest.requireWords("note", note);
        get(outTradeNo, refundNo);
        decisions.reject(outTradeNo, refundNo, actor, note);
        return get(outTradeNo, refundNo);
    }

    /**
     * Asks the provider about a refund that is under way now, and sends it again if it is not known there or stuck. Must not be
     * called in a transaction.
     *
     * @param actor the person who wants it; recorded
     * @throws Refusal 404 if there is none; 409 if it has ended, waits for a second person or is being sent at
     *     this moment
     */
    public Refund tryAgain(String outTradeNo, String refundNo, String actor) {
        var before = get(outTradeNo, refundNo);
        if (before.awaitsApproval()) {
            throw Refusal.conflict(
                    "refund-awaits-approval",
                    "Refund %s is not sent before a second person has approved it.".formatted(refundNo));
        }
        if (before.isUnderWay() && requests.tryAgain(outTradeNo, refundNo)) {
            var after = get(outTradeNo, refundNo);
            record(before, after, actor);
            return after;
        }
        throw Refusal.conflict(
                "nothing-due",
                "Refund %s is %s, or is being sent at this moment: there is nothing to try again."
                        .formatted(refundNo, before.state()));
    }

    private void record(Refund before, Refund after, String actor) {
        interventions.record(
                actor,
                "RETRY_REFUND",
                before.outTradeNo(),
                InterventionResult.of(Code.REFUND_RETRIED, before.refundNo(), before.state(), after.state()));
    }
}
