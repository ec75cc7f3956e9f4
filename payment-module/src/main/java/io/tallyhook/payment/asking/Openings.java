package io.tallyhook.payment.asking;

import io.tallyhook.payment.provider.CallbackProtocol;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Counts how many payments were opened per minute and account: afterwards, so that opening one pays nothing for it. */
@Repository
class Openings {

    /** What may still be committed with an earlier time. */
    private static final Duration SETTLED = Duration.ofMinutes(1);

    private static final Duration STEP = Duration.ofHours(1);
    private static final Duration BACK = Duration.ofDays(1);

    private final JdbcClient jdbc;
    private final String[] callers;

    Openings(JdbcClient jdbc, List<CallbackProtocol> protocols) {
        this.jdbc = jdbc;
        this.callers = protocols.stream().map(CallbackProtocol::provider).toArray(String[]::new);
    }

    /** Counts the minutes that are not counted yet, and a day back at most. */
    void count(Instant now) {
        var end = now.minus(SETTLED).truncatedTo(ChronoUnit.MINUTES);
        var earliest = end.minus(BACK);
        var counted = jdbc.sql("SELECT max(minute) FROM payment.opening_tally")
                .query((row, number) -> Optional.ofNullable(row.getTimestamp(1)))
                .single()
                .map(minute -> minute.toInstant().plus(1, ChronoUnit.MINUTES))
                .filter(earliest::isBefore)
                .orElse(earliest);
        for (var from = counted; from.isBefore(end); from = from.plus(STEP)) {
            count(from, from.plus(STEP).isBefore(end) ? from.plus(STEP) : end);
        }
    }

    private void count(Instant from, Instant to) {
        jdbc.sql("""
                        INSERT INTO payment.opening_tally (minute, provider, account, n)
                        SELECT date_trunc('minute', created_at), provider, account, count(*)
                        FROM payment.payment
                        WHERE created_at >= :from AND created_at < :to AND provider = ANY (:callers)
                        GROUP BY 1, 2, 3
                        ON CONFLICT (minute, provider, account) DO NOTHING
                        """)
                .param("from", Timestamp.from(from))
                .param("to", Timestamp.from(to))
                .param("callers", callers)
                .update();
    }

    void forget(Instant before) {
        jdbc.sql("DELETE FROM payment.opening_tally WHERE minute < :before")
                .param("before", Timestamp.from(before))
                .update();
    }
}
