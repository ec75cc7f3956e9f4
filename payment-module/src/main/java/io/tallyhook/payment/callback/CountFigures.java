package io.tallyhook.payment.callback;

import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.callback.Figures.Count;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Counts for the overview. Each statement reads a bounded number of rows through an index, however large the tables. */
@Repository
class CountFigures {

    /** Beyond this nobody reads the number, only that it is large. */
    static final int MOST = 1_000;

    /** How many of the newest deliveries are told apart by outcome. */
    static final int MOST_DELIVERIES = 10_000;

    /** The outcomes that have an index of their own, so that a few among millions are found. */
    private static final Set<Outcome> TROUBLED =
            Set.of(Outcome.LATE, Outcome.MISMATCH, Outcome.UNKNOWN_PAYMENT, Outcome.REJECTED, Outcome.REFUND_FAILED);

    private final JdbcClient jdbc;

    CountFigures(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Figures since(Instant from) {
        var newest = newest(from);
        long received = newest.values().stream().mapToLong(Long::longValue).sum();
        boolean more = received > MOST_DELIVERIES;
        var troubled = more ? troubled(from) : Map.<Outcome, Long>of();
        var deliveries = new EnumMap<Outcome, Count>(Outcome.class);
        for (var outcome : Outcome.values()) {
            deliveries.put(
                    outcome,
                    more && TROUBLED.contains(outcome)
                            ? Count.upTo(MOST, troubled.getOrDefault(outcome, 0L))
                            : new Count(newest.getOrDefault(outcome, 0L), more));
        }
        return new Figures(
                Count.upTo(MOST_DELIVERIES, received),
                Map.copyOf(deliveries),
                turnedAway(from),
                due("PENDING"),
                due("FAILED"),
                parked(),
                oldestWaiting());
    }

    private Map<Outcome, Long> newest(Instant from) {
        return byOutcome("""
                SELECT outcome, count(*) AS n
                FROM (SELECT outcome FROM payment.callback
                      WHERE received_at >= :from
                      ORDER BY received_at DESC LIMIT :most) AS newest
                GROUP BY outcome
                """, from, MOST_DELIVERIES + 1);
    }

    private Map<Outcome, Long> troubled(Instant from) {
        var one = """
                (SELECT outcome FROM payment.callback
                 WHERE outcome = '%s' AND received_at >= :from
                 ORDER BY received_at DESC LIMIT :most)
                """;
        var all = TROUBLED.stream().map(one::formatted).collect(Collectors.joining("UNION ALL "));
        return byOutcome(
                "SELECT outcome, count(*) AS n FROM (%s) AS troubled GROUP BY outcome".formatted(all), from, MOST + 1);
    }

    private Map<Outcome, Long> byOutcome(String sql, Instant from, int most) {
        record Row(Outcome outcome, long n) {}
        return jdbc
                .sql(sql)
                .param("from", Timestamp.from(from))
                .param("most", most)
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
                .query((row, number) -> java.util.Optional.ofNullable(row.getTimestamp("oldest")))
                .single()
                .map(Timestamp::toInstant)
                .orElse(null);
    }
}
