package io.tallyhook.payment.refund;

import io.tallyhook.payment.Storable;
import io.tallyhook.payment.booking.KnownRefund;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The refunds that have ended and whose modules are still to be told: rows of {@code payment.refund} with a time for it. */
@Repository
class RefundsToUnwind {

    private final JdbcClient jdbc;
    private final RefundSettings settings;

    RefundsToUnwind(JdbcClient jdbc, RefundSettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /** One that was claimed. */
    record Claimed(String outTradeNo, String refundNo, int attempts) {}

    /** Claims the one that has waited longest, in a transaction of its own. */
    Optional<Claimed> claim() {
        return jdbc.sql("""
                        WITH due AS (
                          SELECT out_trade_no, refund_no FROM payment.refund
                          WHERE unwind_due_at <= now()
                          ORDER BY unwind_due_at
                          LIMIT 1
                          FOR NO KEY UPDATE SKIP LOCKED)
                        UPDATE payment.refund r
                        SET unwind_attempts = unwind_attempts + 1, unwind_due_at = now() + make_interval(secs => :lease)
                        FROM due WHERE r.out_trade_no = due.out_trade_no AND r.refund_no = due.refund_no
                        RETURNING r.out_trade_no, r.refund_no, r.unwind_attempts
                        """)
                .param("lease", settings.lease().toSeconds())
                .query((row, number) -> new Claimed(
                        row.getString("out_trade_no"), row.getString("refund_no"), row.getInt("unwind_attempts")))
                .optional();
    }

    /** Locks the refund if its module is still to be told; the payment is locked already. */
    Optional<EndedRefund> lock(String outTradeNo, String refundNo) {
        return jdbc.sql("""
                        SELECT refund_no, state, amount, reason, requested_by, gone_before, taken,
                               coalesce(paid_out_at, settled_at) AS at
                        FROM payment.refund
                        WHERE out_trade_no = :outTradeNo AND refund_no = :refundNo AND unwind_due_at IS NOT NULL
                        FOR NO KEY UPDATE
                        """)
                .param("outTradeNo", outTradeNo)
                .param("refundNo", refundNo)
                .query(RefundsToUnwind::ended)
                .optional();
    }

    private static EndedRefund ended(ResultSet row, int number) throws SQLException {
        return new EndedRefund(
                row.getString("refund_no"),
                KnownRefund.State.valueOf(row.getString("state")),
                row.getLong("amount"),
                row.getString("reason"),
                row.getString("requested_by"),
                row.getObject("gone_before", Long.class),
                row.getBoolean("taken"),
                Objects.requireNonNull(row.getTimestamp("at")).toInstant());
    }

    /**
     * Whether something that was taken for a refund of ours is about to come back, so that it is still to be taken for another.
     *
     * @param exceeded whether more is given back or about to be than was paid, so that what is under way must fail
     */
    boolean somethingComesBack(String outTradeNo, boolean exceeded) {
        return jdbc.sql("""
                        SELECT EXISTS (SELECT FROM payment.refund
                                       WHERE out_trade_no = :outTradeNo AND taken
                                         AND (state = 'FAILED' AND unwind_due_at IS NOT NULL
                                              OR :exceeded AND state IN ('REQUESTED', 'PROCESSING')))
                        """)
                .param("outTradeNo", outTradeNo)
                .param("exceeded", exceeded)
                .query((row, number) -> row.getBoolean(1))
                .single();
    }

    /** Its module is told a little later. */
    void waits(String outTradeNo, String refundNo) {
        jdbc.sql("""
                        UPDATE payment.refund SET unwind_due_at = now() + make_interval(secs => :gap)
                        WHERE out_trade_no = :outTradeNo AND refund_no = :refundNo
                        """)
                .param("gap", settings.firstGap().toSeconds())
                .param("outTradeNo", outTradeNo)
                .param("refundNo", refundNo)
                .update();
    }

    void unwound(String outTradeNo, String refundNo, Optional<Long> shortAmount) {
        jdbc.sql("""
                        UPDATE payment.refund
                        SET unwind_due_at = NULL, unwind_error = NULL, short_amount = :short
                        WHERE out_trade_no = :outTradeNo AND refund_no = :refundNo
                        """)
                .param("short", shortAmount.orElse(null))
                .param("outTradeNo", outTradeNo)
                .param("refundNo", refundNo)
                .update();
    }

    /**
     * What was kept from being handed out is as before once no refund is under way or has succeeded, and due at once if it was
     * due. What was handed out is reversed once all was given back and every module was told.
     */
    void alignFulfilment(String outTradeNo) {
        jdbc.sql("""
                        UPDATE payment.payment p
                        SET fulfilment = held_fulfilment, fulfilment_reason = held_reason,
                            due_at = CASE WHEN held_fulfilment IN ('PENDING', 'FAILED') THEN now() END,
                            held_fulfilment = NULL, held_reason = NULL, version = version + 1
                        WHERE out_trade_no = :outTradeNo AND held_fulfilment IS NOT NULL AND state = 'PAID'
                          AND NOT EXISTS (SELECT FROM payment.refund r
                                          WHERE r.out_trade_no = p.out_trade_no AND r.state <> 'FAILED')
                        """).param("outTradeNo", outTradeNo).update();
        jdbc.sql("""
                        UPDATE payment.payment p
                        SET fulfilment = CASE fulfilment WHEN 'SUCCEEDED' THEN 'REVERSED' ELSE fulfilment END,
                            held_fulfilment = NULL, held_reason = NULL, version = version + 1
                        WHERE out_trade_no = :outTradeNo
                          AND (state IN ('PARTIALLY_REFUNDED', 'REFUNDED') AND held_fulfilment IS NOT NULL
                               OR state = 'REFUNDED' AND fulfilment = 'SUCCEEDED'
                                  AND NOT EXISTS (SELECT FROM payment.refund r
                                                  WHERE r.out_trade_no = p.out_trade_no AND r.unwind_due_at IS NOT NULL))
                        """).param("outTradeNo", outTradeNo).update();
    }

    /** The module could not be told; it is tried again later. */
    void failed(Claimed refund, Throwable cause) {
        jdbc.sql("""
                        UPDATE payment.refund
                        SET unwind_error = :error,
                            unwind_due_at = now() + make_interval(secs => :gap * (1 + 0.2 * random()))
                        WHERE out_trade_no = :outTradeNo AND refund_no = :refundNo AND unwind_due_at IS NOT NULL
                        """)
                .param("error", Storable.text(cause.getClass().getSimpleName() + ": " + cause.getMessage()))
                .param("gap", settings.gap(refund.attempts()).toSeconds())
                .param("outTradeNo", refund.outTradeNo())
                .param("refundNo", refund.refundNo())
                .update();
    }
}
