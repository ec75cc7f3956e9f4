package io.tallyhook.payment;

import io.tallyhook.payment.refund.HopelessRefunds;
import io.tallyhook.payment.refund.RefundSettings;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads refunds for people and modules. */
@Repository
class RefundRows {

    private static final String REFUNDS = """
            SELECT r.*, nullif(r.due_at, 'infinity') AS next_attempt_at, p.currency, coalesce(%s, false) AS may_be_given_up
            FROM payment.refund r JOIN payment.payment p USING (out_trade_no)
            WHERE %%s
            ORDER BY r.created_at, r.refund_no
            LIMIT 1000
            """.formatted(HopelessRefunds.HOPELESS);

    private final JdbcClient jdbc;
    private final RefundSettings settings;

    RefundRows(JdbcClient jdbc, RefundSettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /** Oldest first; a payment has few. */
    List<Refund> of(String outTradeNo) {
        return refunds("r.out_trade_no = :outTradeNo")
                .param("outTradeNo", outTradeNo)
                .query(RefundRows::refund)
                .list();
    }

    /** What heals by itself has healed after an hour. */
    List<Refund> needingSomebody() {
        return refunds("""
                        (r.stuck_at IS NOT NULL
                         OR r.needs_approval AND r.approved_at IS NULL AND r.state = 'REQUESTED'
                         OR r.short_amount > 0
                         OR r.unwind_due_at IS NOT NULL AND r.unwind_error IS NOT NULL
                         OR r.due_at IS NOT NULL AND r.error IS NOT NULL AND r.created_at < now() - interval '1 hour')""").query(RefundRows::refund).list();
    }

    List<Refund> awaitingApproval() {
        return refunds("r.needs_approval AND r.approved_at IS NULL AND r.state = 'REQUESTED'")
                .query(RefundRows::refund)
                .list();
    }

    List<Refund> awaitingGivingUp() {
        return refunds("r.give_up_as IS NOT NULL AND r.due_at IS NOT NULL")
                .query(RefundRows::refund)
                .list();
    }

    private JdbcClient.StatementSpec refunds(String which) {
        return jdbc.sql(REFUNDS.formatted(which))
                .param("giveUpAfter", settings.giveUpAfter().toSeconds());
    }

    private static Refund refund(ResultSet row, int number) throws SQLException {
        var currency = row.getString("currency");
        var shortAmount = row.getObject("short_amount", Long.class);
        var unwindError = row.getString("unwind_error");
        return new Refund(
                row.getString("refund_no"),
                row.getString("out_trade_no"),
                row.getString("state"),
                Money.of(row.getLong("amount"), currency),
                row.getString("reason"),
                row.getString("requested_by"),
                row.getString("provider_refund_id"),
                row.getInt("attempts"),
                instant(row.getTimestamp("next_attempt_at")),
                instant(row.getTimestamp("stuck_at")),
                unwindError == null ? row.getString("error") : unwindError,
                row.getTimestamp("created_at").toInstant(),
                instant(row.getTimestamp("settled_at")),
                instant(row.getTimestamp("unwind_due_at")),
                row.getBoolean("needs_approval"),
                row.getString("approved_by"),
                row.getBoolean("may_be_given_up"),
                givingUp(row),
                shortAmount == null ? null : Money.of(shortAmount, currency));
    }

    private static @Nullable GivingUp givingUp(ResultSet row) throws SQLException {
        var as = row.getString("give_up_as");
        return as == null
                ? null
                : new GivingUp(
                        as.equals("SUCCEEDED"),
                        row.getString("give_up_reason"),
                        row.getString("give_up_reference"),
                        row.getString("give_up_by"),
                        row.getTimestamp("give_up_at").toInstant(),
                        row.getString("given_up_by"));
    }

    private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
        return timestamp == null ? null : timestamp.toInstant();
    }
}
