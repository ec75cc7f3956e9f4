package io.tallyhook.payment.refund;

import io.tallyhook.payment.Entitlement.TakeBack;
import io.tallyhook.payment.InterventionResult;
import io.tallyhook.payment.InterventionResult.Code;
import io.tallyhook.payment.Interventions;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.booking.KnownPayment;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The refunds that wait for a second person. Who decides on one has locked its payment. */
@Repository
class WaitingRefunds {

    private final JdbcClient jdbc;
    private final RefundSettings settings;
    private final Interventions interventions;

    WaitingRefunds(JdbcClient jdbc, RefundSettings settings, Interventions interventions) {
        this.jdbc = jdbc;
        this.settings = settings;
        this.interventions = interventions;
    }

    /** One that waits; amounts in minor units. */
    record WaitingRefund(String refundNo, long amount, String reason, String requestedBy, long goneBefore) {

        TakeBack of(KnownPayment payment) {
            var currency = payment.amount().currency();
            return new TakeBack(
                    refundNo,
                    payment.outTradeNo(),
                    payment.handedOutAs(),
                    payment.userId(),
                    payment.received(),
                    new Money(goneBefore, currency),
                    new Money(amount, currency),
                    requestedBy,
                    reason);
        }
    }

    /** Locks it, if it waits. */
    Optional<WaitingRefund> lock(String outTradeNo, String refundNo) {
        return jdbc.sql("""
                        SELECT refund_no, amount, reason, requested_by, gone_before FROM payment.refund
                        WHERE out_trade_no = :outTradeNo AND refund_no = :refundNo
                          AND needs_approval AND approved_at IS NULL AND state = 'REQUESTED'
                        FOR NO KEY UPDATE
                        """)
                .param("outTradeNo", outTradeNo)
                .param("refundNo", refundNo)
                .query((row, number) -> new WaitingRefund(
                        row.getString("refund_no"),
                        row.getLong("amount"),
                        row.getString("reason"),
                        row.getString("requested_by"),
                        row.getLong("gone_before")))
                .optional();
    }

    /** It is as any other from now on, with its lease taken, as who approves it sends it next. */
    void approve(String outTradeNo, String refundNo, String actor) {
        jdbc.sql("""
                        UPDATE payment.refund
                        SET approved_by = :actor, approved_at = now(), attempts = 1,
                            due_at = now() + make_interval(secs => :lease),
                            leased_until = now() + make_interval(secs => :lease)
                        WHERE out_trade_no = :outTradeNo AND refund_no = :refundNo AND approved_at IS NULL
                        """)
                .param("actor", actor)
                .param("lease", settings.lease().toSeconds())
                .param("outTradeNo", outTradeNo)
                .param("refundNo", refundNo)
                .update();
        interventions.record(
                actor, "APPROVE_REFUND", outTradeNo, InterventionResult.of(Code.REFUND_APPROVED, refundNo));
    }

    /** It has failed like one that its provider refused, and its module is to be told. */
    void reject(String outTradeNo, WaitingRefund refund, String actor, String note) {
        jdbc.sql("""
                        UPDATE payment.refund
                        SET state = 'FAILED', error = :note, due_at = NULL, settled_at = now(), unwind_due_at = now()
                        WHERE out_trade_no = :outTradeNo AND refund_no = :refundNo AND approved_at IS NULL
                        """)
                .param("note", note)
                .param("outTradeNo", outTradeNo)
                .param("refundNo", refund.refundNo())
                .update();
        var action = refund.requestedBy().equals(actor) ? "WITHDRAW_REFUND" : "REJECT_REFUND";
        interventions.record(
                actor, action, outTradeNo, InterventionResult.of(Code.REFUND_REJECTED, refund.refundNo(), note));
    }
}
