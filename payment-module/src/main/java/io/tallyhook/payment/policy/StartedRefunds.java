package io.tallyhook.payment.policy;

import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.Storable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Refunds that a decision has started: they are asked for until they are under way or somebody is needed, and watched then. */
@Repository
class StartedRefunds {

    private final JdbcClient jdbc;

    StartedRefunds(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A refund that was decided on and whose asking was cut short, by a crash or because it could not be done then. */
    Optional<StartedRefund> claim() {
        return jdbc.sql("""
                        WITH due AS (
                          SELECT id FROM payment.policy_decision
                          WHERE due_at <= now()
                          ORDER BY due_at
                          LIMIT 1
                          FOR NO KEY UPDATE SKIP LOCKED)
                        UPDATE payment.policy_decision d
                        SET attempts = d.attempts + 1, due_at = now() + make_interval(secs => :lease)
                        FROM due, payment.payment p
                        WHERE d.id = due.id AND p.out_trade_no = d.out_trade_no
                        RETURNING d.out_trade_no, d.refund_no, d.reason, d.decided_by, d.attempts,
                                  coalesce(p.received_amount, p.amount) AS amount
                        """)
                .param("lease", PolicySettings.LEASE.toSeconds())
                .query(StartedRefunds::startedRefund)
                .optional();
    }

    /** One that was just decided on, by whom this is called: it holds its lease. */
    Optional<StartedRefund> find(String outTradeNo, String refundNo) {
        return jdbc.sql("""
                        SELECT d.out_trade_no, d.refund_no, d.reason, d.decided_by, d.attempts,
                               coalesce(p.received_amount, p.amount) AS amount
                        FROM payment.policy_decision d JOIN payment.payment p USING (out_trade_no)
                        WHERE d.out_trade_no = :outTradeNo AND d.refund_no = :refundNo AND d.result = 'STARTED'
                        """)
                .param("outTradeNo", outTradeNo)
                .param("refundNo", refundNo)
                .query(StartedRefunds::startedRefund)
                .optional();
    }

    /** The refund is asked for; what becomes of it is watched. */
    void refunding(StartedRefund refund) {
        end(refund, "REFUNDING", null);
    }

    void asks(StartedRefund refund, String why) {
        end(refund, "ASKS", why);
    }

    private void end(StartedRefund refund, String result, @Nullable String detail) {
        jdbc.sql("""
                        UPDATE payment.policy_decision SET result = :result, detail = :detail, due_at = NULL
                        WHERE out_trade_no = :outTradeNo AND refund_no = :refundNo AND result = 'STARTED'
                        """)
                .param("result", result)
                .param("detail", detail == null ? null : Storable.text(detail))
                .param("outTradeNo", refund.outTradeNo())
                .param("refundNo", refund.refundNo())
                .update();
    }

    /** Refunds that have ended: what failed for good is for a person. @return how many */
    int learnHowRefundsEnded() {
        return jdbc.sql("""
                        UPDATE payment.policy_decision d
                        SET result = CASE r.state WHEN 'SUCCEEDED' THEN 'DONE' ELSE 'ASKS' END,
                            detail = CASE r.state WHEN 'FAILED' THEN coalesce(r.error, 'the provider refused the refund') END
                        FROM payment.refund r
                        WHERE d.result = 'REFUNDING' AND r.out_trade_no = d.out_trade_no AND r.refund_no = d.refund_no
                          AND r.state IN ('SUCCEEDED', 'FAILED')
                        """).update();
    }

    private static StartedRefund startedRefund(ResultSet row, int number) throws SQLException {
        return new StartedRefund(
                row.getString("out_trade_no"),
                row.getString("refund_no"),
                ParkingReason.valueOf(row.getString("reason")),
                row.getLong("amount"),
                row.getString("decided_by"),
                row.getInt("attempts"));
    }
}
