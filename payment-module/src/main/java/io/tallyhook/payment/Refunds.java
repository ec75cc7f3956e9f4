package io.tallyhook.payment;

import io.tallyhook.payment.Entitlement.Preview;
import io.tallyhook.payment.refund.PreviewRefund;
import io.tallyhook.payment.refund.RequestRefund;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Money that goes back.
 *
 * <p>A refund is an intent first: what was handed out for the money is taken back, and what was not handed out yet is kept
 * from it, in the transaction that writes the refund down. Then it is sent to the provider, as often as it takes and always
 * under the same number, so that the money moves once. What the provider says settles it; a definite failure gives back what
 * was taken.
 */
@Component
public class Refunds {

    private final PaymentRows payments;
    private final RefundRows rows;
    private final RequestRefund requests;
    private final PreviewRefund previews;
    private final JdbcClient jdbc;

    Refunds(PaymentRows payments, RefundRows rows, RequestRefund requests, PreviewRefund previews, JdbcClient jdbc) {
        this.payments = payments;
        this.rows = rows;
        this.requests = requests;
        this.previews = previews;
        this.jdbc = jdbc;
    }

    /**
     * Asks for money to be given back. Must not be called in a transaction.
     *
     * @return the refund: usually with the provider already, or done; if the provider gave no clear answer it stays {@code
     *     REQUESTED} and is sent again; if it has definitely refused it is {@code FAILED}. A repeat answers it as it stands now
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
     * Refunds that a person must look at, oldest first: stuck at the provider, without a clear answer for an hour, not taken
     * back in full, or whose module fails when it is told.
     */
    public List<Refund> needingSomebody() {
        return rows.needingSomebody();
    }

    /**
     * Asks the provider about a refund that is under way now, and sends it again if it is not known there or stuck. Must not be
     * called in a transaction.
     *
     * @param actor the person who wants it; recorded
     * @throws Refusal 404 if there is none; 409 if it has ended or is being sent at this moment
     */
    public Refund tryAgain(String outTradeNo, String refundNo, String actor) {
        var before = get(outTradeNo, refundNo);
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
        jdbc.sql("""
                        INSERT INTO payment.intervention (at, actor, action, out_trade_no, result)
                        VALUES (now(), :actor, 'RETRY_REFUND', :outTradeNo, :result)
                        """)
                .param("actor", actor)
                .param("outTradeNo", before.outTradeNo())
                .param("result", "%s: was %s, is %s".formatted(before.refundNo(), before.state(), after.state()))
                .update();
    }
}
