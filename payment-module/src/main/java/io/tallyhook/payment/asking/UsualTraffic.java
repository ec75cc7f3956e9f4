package io.tallyhook.payment.asking;

import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What was learned of the accounts where payments were opened lately, for people: what their callbacks usually tell. */
@Repository
public class UsualTraffic {

    private final JdbcClient jdbc;
    private final SilenceSettings settings;
    private final Clock clock;

    UsualTraffic(JdbcClient jdbc, SilenceSettings settings, Clock clock) {
        this.jdbc = jdbc;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * One account in the last days.
     *
     * @param opened how many payments were opened there
     * @param told how many were paid and told by a callback
     */
    public record Rate(String provider, String account, long opened, long told) {}

    /** From counts per minute. */
    public List<Rate> rates() {
        return jdbc.sql("""
                        SELECT provider, account, opened, coalesce(told, 0) AS told
                        FROM (SELECT provider, account, sum(n) AS opened FROM payment.opening_tally
                              WHERE minute >= :from GROUP BY provider, account) AS o
                        LEFT JOIN (SELECT provider, account, sum(n) AS told FROM payment.callback_tally
                                   WHERE minute >= :from AND outcome IN ('CONFIRMED', 'LATE')
                                   GROUP BY provider, account) AS t USING (provider, account)
                        ORDER BY provider, account
                        """)
                .param("from", Timestamp.from(clock.instant().minus(settings.window())))
                .query((row, number) -> new Rate(
                        row.getString("provider"),
                        row.getString("account"),
                        row.getLong("opened"),
                        row.getLong("told")))
                .list();
    }
}
