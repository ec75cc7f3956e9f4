package io.tallyhook.payment.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The callback log as it stands in the database. */
final class LoggedCallbacks {

    private final JdbcClient jdbc;

    LoggedCallbacks(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    record Row(
            String id,
            String outcome,
            @Nullable String reason,
            @Nullable String transactionId,
            @Nullable String differences,
            int replyStatus,
            String headers,
            int size) {}

    List<Row> of(String outTradeNo) {
        return query("out_trade_no = ?", outTradeNo);
    }

    Row only(String outTradeNo) {
        var rows = of(outTradeNo);
        assertThat(rows).hasSize(1);
        return rows.getFirst();
    }

    List<String> outcomes(String outTradeNo) {
        return of(outTradeNo).stream().map(Row::outcome).toList();
    }

    /** Refused deliveries name no payment and are written a little later. */
    Row withUserAgent(String userAgent) {
        return await().atMost(Duration.ofSeconds(5))
                .until(() -> query("headers ->> 'user-agent' = ?", userAgent), rows -> !rows.isEmpty())
                .getFirst();
    }

    int count() {
        return jdbc.sql("SELECT count(*) FROM payment.callback")
                .query(Integer.class)
                .single();
    }

    private List<Row> query(String where, String value) {
        return jdbc.sql("""
                        SELECT id, outcome, reason, provider_transaction_id, differences, reply_status, headers,
                               pg_column_size(c) AS size
                        FROM payment.callback c WHERE %s ORDER BY received_at, id
                        """.formatted(where))
                .param(value)
                .query(LoggedCallbacks::row)
                .list();
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        return new Row(
                row.getString("id"),
                row.getString("outcome"),
                row.getString("reason"),
                row.getString("provider_transaction_id"),
                row.getString("differences"),
                row.getInt("reply_status"),
                row.getString("headers"),
                row.getInt("size"));
    }
}
