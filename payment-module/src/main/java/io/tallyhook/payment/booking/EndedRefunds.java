package io.tallyhook.payment.booking;

import io.tallyhook.payment.Refund;
import io.tallyhook.payment.provider.Fact;
import java.sql.Timestamp;
import java.util.List;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Writes how refunds have ended, those that we asked for and those that were started at the provider. */
@Component
class EndedRefunds {

    private final JdbcClient jdbc;

    EndedRefunds(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The refund moves as decided, and its module is to be told. */
    void write(Decision.Change change) {
        var refund = Objects.requireNonNull(change.refund());
        int written = jdbc.sql("""
                        INSERT INTO payment.refund AS r
                          (out_trade_no, refund_no, state, amount, reason, provider_refund_id, created_at, settled_at,
                           paid_out_at, unwind_due_at)
                        VALUES (:outTradeNo, :refundNo, :state, :amount, :reason,
                                :providerRefundId, now(), now(), :paidOutAt, now())
                        ON CONFLICT (out_trade_no, refund_no) DO UPDATE
                          SET state              = excluded.state,
                              provider_refund_id = coalesce(excluded.provider_refund_id, r.provider_refund_id),
                              settled_at         = excluded.settled_at,
                              paid_out_at        = excluded.paid_out_at,
                              unwind_due_at      = excluded.unwind_due_at,
                              due_at             = NULL,
                              stuck_at           = NULL,
                              error              = CASE WHEN excluded.state = 'FAILED' THEN r.error END
                          WHERE r.state IN ('REQUESTED', 'PROCESSING') AND r.amount = excluded.amount
                        """)
                .param("outTradeNo", change.after().outTradeNo())
                .param("refundNo", refund.refundNo())
                .param("state", refund.state().name())
                .param("amount", refund.amount().minorUnits())
                .param("reason", reason(refund))
                .param("providerRefundId", change.providerRefundId())
                .param("paidOutAt", change.refundedAt() == null ? null : Timestamp.from(change.refundedAt()))
                .update();
        if (written != 1) {
            throw new IllegalStateException("Refund %s of payment %s could not be written"
                    .formatted(refund.refundNo(), change.after().outTradeNo()));
        }
    }

    /** Of one that we have not asked for; what was asked for keeps its own. */
    private static String reason(KnownRefund refund) {
        return refund.refundNo().endsWith(Refund.AFTER_ALL)
                ? "failed or given up here, and gone at the provider after all"
                : "started at the provider";
    }

    /** A refund that its provider calls abnormal has not ended: the provider is asked at once, and the answer is kept. */
    void askSoon(List<Fact.Refunded> abnormal) {
        for (var fact : abnormal) {
            jdbc.sql("""
                            UPDATE payment.refund SET due_at = now()
                            WHERE out_trade_no = :outTradeNo AND refund_no = :refundNo AND due_at > now() AND due_at < 'infinity'
                            """)
                    .param("outTradeNo", fact.outTradeNo())
                    .param("refundNo", fact.refundNo())
                    .update();
        }
    }
}
