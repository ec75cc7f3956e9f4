package io.tallyhook.payment;

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
            SELECT r.*, p.currency FROM payment.refund r JOIN payment.payment p USING (out_trade_no)
            WHERE %s
            ORDER BY r.created_at, r.refund_no
            LIMIT 1000
            """;

    private final JdbcClient jdbc;

    RefundRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Oldest first; a payment has few. */
    List<Refund> of(String outTradeNo) {
        return jdbc.sql(REFUNDS.formatted("r.out_trade_no = :outTradeNo"))
                .param("outTradeNo", outTradeNo)
                .query(RefundRows::refund)
                .list();
    }

    /** What heals by itself has healed after an hour. */
    List<Refund> needingSomebody() {
        return jdbc.sql(REFUNDS.formatted("""
                        (r.stuck_at IS NOT NULL
                         OR r.short_amount > 0
                         OR r.unwind_due_at IS NOT NULL AND r.unwind_error IS NOT NULL
                         OR r.due_at IS NOT NULL AND r.error IS NOT NULL AND r.created_at < now() - interval '1 hour')""")).query(RefundRows::refund).list();
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
                instant(row.getTimestamp("due_at")),
                instant(row.getTimestamp("stuck_at")),
                unwindError == null ? row.getString("error") : unwindError,
                row.getTimestamp("created_at").toInstant(),
                instant(row.getTimestamp("settled_at")),
                instant(row.getTimestamp("unwind_due_at")),
                shortAmount == null ? null : Money.of(shortAmount, currency));
    }

    private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
        return timestamp == null ? null : timestamp.toInstant();
    }
}
