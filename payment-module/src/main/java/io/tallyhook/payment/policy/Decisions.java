package io.tallyhook.payment.policy;

import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.Storable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What waits for a policy, and what policies have decided. */
@Repository
class Decisions {

    private final JdbcClient jdbc;
    private final PolicySettings settings;

    Decisions(JdbcClient jdbc, PolicySettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /** Locks the payment that has waited longest, unless somebody else decides about it; its wait is over with that. */
    Optional<ParkedPayment> claim() {
        return jdbc.sql("""
                        WITH waiting AS (
                          SELECT out_trade_no FROM payment.payment
                          WHERE fulfilment = 'PARKED' AND held_fulfilment IS NULL AND undecided_since IS NOT NULL
                            AND undecided_since <= now() - make_interval(secs => :after) AND state = 'PAID'
                          ORDER BY undecided_since
                          LIMIT 1
                          FOR NO KEY UPDATE SKIP LOCKED)
                        UPDATE payment.payment p SET undecided_since = NULL
                        FROM waiting WHERE p.out_trade_no = waiting.out_trade_no
                        RETURNING p.out_trade_no, p.purpose, p.fulfilment_reason,
                                  coalesce(p.received_amount, p.amount) AS amount,
                                  EXISTS (SELECT FROM payment.policy_decision d
                                          WHERE d.out_trade_no = p.out_trade_no AND d.reason = p.fulfilment_reason
                                            AND d.action <> 'ASK') AS again
                        """)
                .param("after", settings.after().toSeconds())
                .query((row, number) -> new ParkedPayment(
                        row.getString("out_trade_no"),
                        row.getString("purpose"),
                        ParkingReason.valueOf(row.getString("fulfilment_reason")),
                        row.getLong("amount"),
                        row.getBoolean("again")))
                .optional();
    }

    /** Its wait is over, if it still waits for the same. @return whether it did */
    boolean claim(ParkedPayment payment) {
        return jdbc.sql("""
                                UPDATE payment.payment SET undecided_since = NULL
                                WHERE out_trade_no = :outTradeNo AND fulfilment = 'PARKED' AND fulfilment_reason = :reason
                                  AND held_fulfilment IS NULL AND undecided_since IS NOT NULL AND state = 'PAID'
                                """)
                        .param("outTradeNo", payment.outTradeNo())
                        .param("reason", payment.reason().name())
                        .update()
                == 1;
    }

    /** @param refundNo under which a refund is asked for next, by who writes this */
    void write(ParkedPayment payment, Verdict verdict, @Nullable String refundNo) {
        write(payment, verdict, refundNo, payment.decidedBy());
    }

    /** As above. @param by in whose name, and in whose the refund is asked for */
    void write(ParkedPayment payment, Verdict verdict, @Nullable String refundNo, String by) {
        var result = switch (verdict.action()) {
            case REFUND -> "STARTED";
            case REOPEN, CREDIT_TO_WALLET -> "DONE";
            case ASK -> "ASKS";
        };
        write(payment, verdict, result, refundNo, by, null);
    }

    /** @param why it could not be done; for people */
    void writeInVain(ParkedPayment payment, Verdict verdict, String why) {
        write(payment, verdict, "ASKS", null, payment.decidedBy(), Storable.text(why));
    }

    private void write(
            ParkedPayment payment,
            Verdict verdict,
            String result,
            @Nullable String refundNo,
            String by,
            @Nullable String detail) {
        jdbc.sql("""
                        INSERT INTO payment.policy_decision
                          (out_trade_no, reason, action, why, decided_at, decided_by, result, refund_no, detail, due_at)
                        VALUES (:outTradeNo, :reason, :action, :why, now(), :by, :result, :refundNo, :detail,
                                CASE WHEN :result = 'STARTED' THEN now() + make_interval(secs => :lease) END)
                        """)
                .param("outTradeNo", payment.outTradeNo())
                .param("reason", payment.reason().name())
                .param("action", verdict.action().name())
                .param("why", verdict.why().name())
                .param("by", by)
                .param("result", result)
                .param("refundNo", refundNo)
                .param("detail", detail)
                .param("lease", PolicySettings.LEASE.toSeconds())
                .update();
    }

    /** Newest first. */
    List<PolicyDecision> of(String outTradeNo) {
        return jdbc.sql("""
                        SELECT * FROM payment.policy_decision WHERE out_trade_no = :outTradeNo ORDER BY id DESC LIMIT 100
                        """)
                .param("outTradeNo", outTradeNo)
                .query(Decisions::decision)
                .list();
    }

    private static PolicyDecision decision(ResultSet row, int number) throws SQLException {
        return new PolicyDecision(
                row.getString("out_trade_no"),
                ParkingReason.valueOf(row.getString("reason")),
                Action.valueOf(row.getString("action")),
                row.getString("why"),
                row.getTimestamp("decided_at").toInstant(),
                row.getString("decided_by"),
                row.getString("result"),
                row.getString("refund_no"),
                row.getString("detail"));
    }
}
