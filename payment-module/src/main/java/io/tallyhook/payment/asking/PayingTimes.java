package io.tallyhook.payment.asking;

import io.tallyhook.payment.provider.CallbackProtocol;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * How long people take to pay, counted per hour and five seconds, and what was learned from it. Whoever changes something has
 * locked the counted hours.
 */
@Repository
public class PayingTimes {

    /** One hour of openings is read through the index on time. */
    static final String COUNT = """
            INSERT INTO payment.paying_time (hour, provider, account, method, within, n)
            SELECT :hour::timestamptz, provider, account, method,
                   least(600, greatest(1, ceil(extract(epoch FROM paid_at - created_at) / 5)) * 5)::int, count(*)
            FROM payment.payment
            WHERE created_at >= :hour::timestamptz AND created_at < :hour::timestamptz + interval '1 hour'
              AND paid_at IS NOT NULL AND method <> 'external' AND provider = ANY (:callers)
            GROUP BY 1, 2, 3, 4, 5
            ON CONFLICT DO NOTHING
            """;

    private final JdbcClient jdbc;
    private final String[] callers;

    PayingTimes(JdbcClient jdbc, List<CallbackProtocol> protocols) {
        this.jdbc = jdbc;
        this.callers = protocols.stream().map(CallbackProtocol::provider).toArray(String[]::new);
    }

    /** What was learned, by account and method; nothing where too few have paid. */
    public List<PayingTime> learned() {
        return jdbc.sql("SELECT * FROM payment.first_question ORDER BY provider, account, method")
                .query(PayingTimes::payingTime)
                .list();
    }

    /** Until when hours are counted; nothing while another instance counts. */
    Optional<Instant> lockCounted() {
        return jdbc.sql("SELECT until FROM payment.paying_time_counted FOR UPDATE SKIP LOCKED")
                .query(Timestamp.class)
                .optional()
                .map(Timestamp::toInstant);
    }

    void count(Instant hour) {
        jdbc.sql(COUNT)
                .param("hour", Timestamp.from(hour))
                .param("callers", callers)
                .update();
        jdbc.sql("UPDATE payment.paying_time_counted SET until = :hour::timestamptz + interval '1 hour'")
                .param("hour", Timestamp.from(hour))
                .update();
    }

    void forget(Instant before) {
        jdbc.sql("DELETE FROM payment.paying_time WHERE hour < :before")
                .param("before", Timestamp.from(before))
                .update();
    }

    /** From what is counted; what has too few payments now is learned no more. */
    void learn(int from, Duration atLeast, Duration atMost, Instant now) {
        jdbc.sql("""
                        INSERT INTO payment.first_question AS f
                          (provider, account, method, usual, gap, learned_from, learned_at)
                        SELECT provider, account, method, min(within), least(:most, greatest(:least, min(within))),
                               min(of_all), :now
                        FROM (SELECT provider, account, method, within,
                                     sum(sum(n)) OVER (PARTITION BY provider, account, method ORDER BY within) AS so_far,
                                     sum(sum(n)) OVER (PARTITION BY provider, account, method) AS of_all
                              FROM payment.paying_time
                              GROUP BY provider, account, method, within) AS step
                        WHERE so_far * 10 >= of_all * 9 AND of_all >= :from
                        GROUP BY provider, account, method
                        ON CONFLICT (provider, account, method) DO UPDATE
                        SET usual = excluded.usual, gap = excluded.gap, learned_from = excluded.learned_from,
                            learned_at = excluded.learned_at
                        """)
                .param("from", from)
                .param("least", atLeast.toSeconds())
                .param("most", atMost.toSeconds())
                .param("now", Timestamp.from(now))
                .update();
        unlearn(now);
    }

    /** Drops what was learned before. */
    void unlearn(Instant before) {
        jdbc.sql("DELETE FROM payment.first_question WHERE learned_at < :before")
                .param("before", Timestamp.from(before))
                .update();
    }

    private static PayingTime payingTime(ResultSet row, int number) throws SQLException {
        return new PayingTime(
                row.getString("provider"),
                row.getString("account"),
                row.getString("method"),
                Duration.ofSeconds(row.getInt("usual")),
                Duration.ofSeconds(row.getInt("gap")),
                row.getLong("learned_from"),
                row.getTimestamp("learned_at").toInstant());
    }
}
