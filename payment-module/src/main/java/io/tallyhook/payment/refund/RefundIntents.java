package io.tallyhook.payment.refund;

import io.tallyhook.payment.Entitlement.TakeBack;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.RefundRequest;
import io.tallyhook.payment.booking.KnownPayment;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Writes what is intended; the payment is locked by who calls. */
@Repository
class RefundIntents {

    private final JdbcClient jdbc;
    private final RefundSettings settings;

    RefundIntents(JdbcClient jdbc, RefundSettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /** A refund that has the number already. */
    record Known(String outTradeNo, long amount) {

        boolean isFor(RefundRequest asked) {
            return outTradeNo.equals(asked.outTradeNo()) && amount == asked.amount();
        }
    }

    /** A refund of any payment that we asked for under this number, or of this payment whoever asked for it. */
    Optional<Known> withNumberOf(RefundRequest asked) {
        return jdbc.sql("""
                        SELECT out_trade_no, amount FROM payment.refund
                        WHERE refund_no = :refundNo AND (requested_by IS NOT NULL OR out_trade_no = :outTradeNo)
                        ORDER BY out_trade_no = :outTradeNo DESC
                        LIMIT 1
                        """)
                .param("refundNo", asked.refundNo())
                .param("outTradeNo", asked.outTradeNo())
                .query((row, number) -> new Known(row.getString("out_trade_no"), row.getLong("amount")))
                .optional();
    }

    /** It is not handed out while the refund is under way; what it was is remembered, once. */
    void keepFromBeingHandedOut(KnownPayment payment) {
        if (payment.state() != PaymentState.PAID) {
            return;
        }
        jdbc.sql("""
                        UPDATE payment.payment
                        SET held_fulfilment   = CASE WHEN held_fulfilment IS NULL THEN fulfilment ELSE held_fulfilment END,
                            held_reason       = CASE WHEN held_fulfilment IS NULL THEN fulfilment_reason ELSE held_reason END,
                            fulfilment        = 'PARKED',
                            fulfilment_reason = 'CANCELLED_BEFORE',
                            due_at            = NULL,
                            version           = version + 1
                        WHERE out_trade_no = :outTradeNo AND state = 'PAID'
                          AND fulfilment IN ('PENDING', 'FAILED', 'PARKED')
                        """).param("outTradeNo", payment.outTradeNo()).update();
    }

    /**
     * The refund is written down with its lease taken, as who writes it sends it next; or without a turn, if it waits.
     *
     * @param taken whether what was handed out was taken back for it
     * @param waits whether a second person must approve it first
     * @return false if another one has its number
     */
    boolean insert(TakeBack refund, boolean taken, boolean waits) {
        return jdbc.sql("""
                                INSERT INTO payment.refund
                                  (out_trade_no, refund_no, state, amount, reason, created_at, requested_by, gone_before,
                                   taken, needs_approval, attempts, due_at, leased_until)
                                VALUES (:outTradeNo, :refundNo, 'REQUESTED', :amount, :reason, now(), :actor, :goneBefore,
                                   :taken, :waits, CASE WHEN :waits THEN 0 ELSE 1 END,
                                   CASE WHEN :waits THEN 'infinity' ELSE now() + make_interval(secs => :lease) END,
                                   CASE WHEN NOT :waits THEN now() + make_interval(secs => :lease) END)
                                ON CONFLICT DO NOTHING
                                """)
                        .param("outTradeNo", refund.outTradeNo())
                        .param("refundNo", refund.refundNo())
                        .param("amount", refund.amount().minorUnits())
                        .param("reason", refund.reason())
                        .param("actor", refund.actor())
                        .param("goneBefore", refund.goneBefore().minorUnits())
                        .param("taken", taken)
                        .param("waits", waits)
                        .param("lease", settings.lease().toSeconds())
                        .update()
                == 1;
    }

    /** The number under which the money was given back by who gave it. */
    void keepProviderNumber(TakeBack refund, String providerRefundId) {
        jdbc.sql("""
                        UPDATE payment.refund SET provider_refund_id = :id
                        WHERE out_trade_no = :outTradeNo AND refund_no = :refundNo
                        """)
                .param("id", providerRefundId)
                .param("outTradeNo", refund.outTradeNo())
                .param("refundNo", refund.refundNo())
                .update();
    }
}
