package io.tallyhook.payment.callback;

import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.callback.Figures.Count;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Numbers for the overview. Each statement reads a bounded number of rows through an index, however large the tables. */
@Repository
class CountFigures {

    /** Beyond this nobody reads the number, only that it is large. */
    static final int MOST = 1_000;

    private final JdbcClient jdbc;

    CountFigures(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Figures since(Instant from) {
        var logged = logged(from);
        var deliveries = new EnumMap<Outcome, Count>(Outcome.class);
        for (var outcome : Outcome.values()) {
            deliveries.put(outcome, Count.exactly(logged.getOrDefault(outcome, 0L)));
        }
        return new Figures(
                Count.exactly(
                        logged.values().stream().mapToLong(Long::longValue).sum()),
                Map.copyOf(deliveries),
                turnedAway(from),
                due("PENDING"),
                due("FAILED"),
                parked(),
                oldestWaiting());
    }

    /** A few rows per minute, however many deliveries there were. */
    private Map<Outcome, Long> logged(Instant from) {
        record Row(Outcome outcome, long n) {}
        return jdbc
                .sql("SELECT outcome, sum(n) AS n FROM payment.callback_tally WHERE minute >= :from GROUP BY outcome")
                .param("from", Timestamp.from(from))
                .query((row, number) -> new Row(Outcome.valueOf(row.getString("outcome")), row.getLong("n")))
                .list()
                .stream()
                .collect(Collectors.toMap(Row::outcome, Row::n));
    }

    /** One row per minute, account and reason: small by itself. */
    private long turnedAway(Instant from) {
        return jdbc.sql("SELECT coalesce(sum(n), 0) FROM payment.callback_count WHERE minute >= :from")
                .param("from", Timestamp.from(from))
                .query(Long.class)
                .single();
    }

    private Count due(String fulfilment) {
        return bounded("""
                SELECT count(*)
                FROM (SELECT FROM payment.payment
                      WHERE due_at IS NOT NULL AND fulfilment = '%s' LIMIT :most) AS due
                """.formatted(fulfilment));
    }

    private Count parked() {
        return bounded("""
                SELECT count(*)
                FROM (SELECT FROM payment.payment WHERE fulfilment = 'PARKED' LIMIT :most) AS parked
                """);
    }

    private Count bounded(String sql) {
        return Count.upTo(
                MOST, jdbc.sql(sql).param("most", MOST + 1).query(Long.class).single());
    }

    private @Nullable Instant oldestWaiting() {
        return jdbc.sql("""
                        SELECT min(paid_at) AS oldest
                        FROM (SELECT paid_at FROM payment.payment
                              WHERE due_at IS NOT NULL ORDER BY due_at LIMIT :most) AS due
                        """)
                .param("most", MOST)
                .query((row, number) -> Optional.ofNullable(row.getTimestamp("oldest")))
                .single()
                .map(Timestamp::toInstant)
                .orElse(null);
    }
}
