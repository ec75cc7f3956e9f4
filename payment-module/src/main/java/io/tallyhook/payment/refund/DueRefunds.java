package io.tallyhook.payment.refund;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Storable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The refunds that are under way: rows of {@code payment.refund} with a due time. Who claims one has it for a lease. */
@Repository
class DueRefunds {

    private static final String CLAIM = """
            WITH due AS (
              SELECT out_trade_no, refund_no FROM payment.refund
              WHERE %s
              ORDER BY due_at
              LIMIT 1
              FOR NO KEY UPDATE SKIP LOCKED)
            UPDATE payment.refund r
            SET attempts = r.attempts + 1, due_at = now() + make_interval(secs => :lease),
                leased_until = now() + make_interval(secs => :lease)
            FROM due JOIN payment.payment p USING (out_trade_no)
            WHERE r.out_trade_no = due.out_trade_no AND r.refund_no = due.refund_no
            RETURNING r.out_trade_no, r.refund_no, r.amount, r.reason, r.state, r.attempts, p.provider, p.account,
                      coalesce(p.received_amount, p.amount) AS paid, p.currency, r.give_up_as IS NOT NULL AS giving_up
            """;

    private final JdbcClient jdbc;
    private final RefundSettings settings;

    DueRefunds(JdbcClient jdbc, RefundSettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /** The one that has been due longest. */
    Optional<DueRefund> claim() {
        return claim("due_at <= now()", "", "");
    }

    /** This one, due or not, if it is under way, waits for no second person and nobody is sending it at this moment. */
    Optional<DueRefund> claim(String outTradeNo, String refundNo) {
        return claim("""
                out_trade_no = :outTradeNo AND refund_no = :refundNo AND due_at < 'infinity'
                AND (leased_until IS NULL OR leased_until <= now())""", outTradeNo, refundNo);
    }

    /**
     * Takes the lease anew, right before it is sent: what the provider refuses fails, so nobody else may be sending it.
     *
     * @return whether it was still ours
     */
    boolean renew(DueRefund refund) {
        return jdbc.sql("""
                                UPDATE payment.refund
                                SET due_at = now() + make_interval(secs => :lease),
                                    leased_until = now() + make_interval(secs => :lease)
                                WHERE out_trade_no = :outTradeNo AND refund_no = :refundNo AND due_at IS NOT NULL
                                  AND attempts = :attempts
                                """)
                        .param("lease", settings.lease().toSeconds())
                        .param("outTradeNo", refund.outTradeNo())
                        .param("refundNo", refund.refundNo())
                        .param("attempts", refund.attempts())
                        .update()
                == 1;
    }

    private Optional<DueRefund> claim(String which, String outTradeNo, String refundNo) {
        return jdbc.sql(CLAIM.formatted(which))
                .param("outTradeNo", outTradeNo)
                .param("refundNo", refundNo)
                .param("lease", settings.lease().toSeconds())
                .query(DueRefunds::due)
                .optional();
    }

    /** This one as its intent or its approval has left it: it was claimed with it. */
    Optional<DueRefund> justWritten(String outTradeNo, String refundNo) {
        return jdbc.sql("""
                        SELECT r.out_trade_no, r.refund_no, r.amount, r.reason, r.state, r.attempts, p.provider, p.account,
                               coalesce(p.received_amount, p.amount) AS paid, p.currency, r.give_up_as IS NOT NULL AS giving_up
                        FROM payment.refund r JOIN payment.payment p USING (out_trade_no)
                        WHERE out_trade_no = :outTradeNo AND refund_no = :refundNo AND r.state = 'REQUESTED'
                          AND (NOT r.needs_approval OR r.approved_at IS NOT NULL)
                        """)
                .param("outTradeNo", outTradeNo)
                .param("refundNo", refundNo)
                .query(DueRefunds::due)
                .optional();
    }

    /** The provider has it, and is asked again later. */
    void accepted(DueRefund refund, @Nullable String providerRefundId) {
        move(refund, "PROCESSING", null, providerRefundId, false, settings.gap(refund.attempts()));
    }

    /** The provider has it and waits for a person. */
    void stuck(DueRefund refund, String state, @Nullable String providerRefundId) {
        move(refund, "PROCESSING", state, providerRefundId, true, settings.stuckGap());
    }

    private void move(
            DueRefund refund,
            String state,
            @Nullable String error,
            @Nullable String providerRefundId,
            boolean stuck,
            Duration gap) {
        jdbc.sql("""
                        UPDATE payment.refund
                        SET state = :state, error = :error,
                            provider_refund_id = coalesce(:providerRefundId, provider_refund_id),
                            stuck_at = CASE WHEN :stuck THEN coalesce(stuck_at, now()) END,
                            due_at = now() + make_interval(secs => :gap * (1 + 0.2 * random())),
                            leased_until = CASE WHEN attempts <> :attempts THEN leased_until END
                        WHERE out_trade_no = :outTradeNo AND refund_no = :refundNo AND due_at IS NOT NULL
                        """)
                .param("attempts", refund.attempts())
                .param("state", state)
                .param("error", error)
                .param("providerRefundId", providerRefundId)
                .param("stuck", stuck)
                .param("gap", gap.toSeconds())
                .param("outTradeNo", refund.outTradeNo())
                .param("refundNo", refund.refundNo())
                .update();
    }

    /** Nothing is known; it stays as it is and is tried again later. */
    void unclear(DueRefund refund, String why) {
        jdbc.sql("""
                        UPDATE payment.refund
                        SET error = :error, due_at = now() + make_interval(secs => :gap * (1 + 0.2 * random())),
                            leased_until = CASE WHEN attempts <> :attempts THEN leased_until END
                        WHERE out_trade_no = :outTradeNo AND refund_no = :refundNo AND due_at IS NOT NULL
                        """)
                .param("attempts", refund.attempts())
                .param("error", Storable.text(why))
                .param("gap", settings.gap(refund.attempts()).toSeconds())
                .param("outTradeNo", refund.outTradeNo())
                .param("refundNo", refund.refundNo())
                .update();
    }

    private static DueRefund due(ResultSet row, int number) throws SQLException {
        var currency = row.getString("currency");
        return new DueRefund(
                row.getString("out_trade_no"),
                row.getString("refund_no"),
                row.getString("provider"),
                row.getString("account"),
                Money.of(row.getLong("amount"), currency),
                Money.of(row.getLong("paid"), currency),
                row.getString("reason"),
                row.getString("state").equals("PROCESSING"),
                row.getInt("attempts"),
                row.getBoolean("giving_up"));
    }
}
