package io.tallyhook.wallet.ledger;

import io.tallyhook.wallet.TrialBalanceLine;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The chart of accounts with its turnover, exact at any moment: from the totals of each day, and the tail that is not in them. */
@Repository
public class TrialBalances {

    /** The books are kept in Beijing time. */
    private static final ZoneId BOOKS = ZoneId.of("Asia/Shanghai");

    private static final String DAYS =
            "SELECT gl_code, debit, credit FROM wallet.turnover WHERE acct_date <= :day::date";

    private static final String DAYS_AND_MOMENT = DAYS + """
             UNION ALL
            SELECT a.gl_code, greatest(p.amount, 0), greatest(-p.amount, 0)
            FROM wallet.posting p
            JOIN wallet.account a USING (account_id)
            JOIN wallet.journal j ON j.acct_date = p.acct_date AND j.shard = p.shard AND j.journal_id = p.journal_id
            WHERE p.acct_date = :day::date + 1 AND j.acct_date = :day::date + 1 AND j.booked_at <= :moment
            """;

    private final JdbcClient jdbc;
    private final Clock clock;

    TrialBalances(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Up to now. */
    public List<TrialBalanceLine> now() {
        return endOf(LocalDate.now(clock.withZone(BOOKS)).plusDays(1));
    }

    /** Up to the end of an accounting date. For a day that is over it never changes, once its month is closed. */
    public List<TrialBalanceLine> endOf(LocalDate day) {
        return lines(DAYS, day, null);
    }

    /** Up to and with a moment of booking: the days before it, and of its own day what was booked by then. */
    public List<TrialBalanceLine> at(Instant moment) {
        return lines(DAYS_AND_MOMENT, LocalDate.ofInstant(moment, BOOKS).minusDays(1), Timestamp.from(moment));
    }

    private List<TrialBalanceLine> lines(String turnover, LocalDate day, @Nullable Timestamp moment) {
        return jdbc.sql("""
                        SELECT g.gl_code, g.name, coalesce(t.debit, 0) AS debit, coalesce(t.credit, 0) AS credit
                        FROM wallet.gl_account g
                        LEFT JOIN (SELECT gl_code, sum(debit) AS debit, sum(credit) AS credit
                                   FROM (%s) moved GROUP BY gl_code) t USING (gl_code)
                        ORDER BY g.gl_code
                        """.formatted(turnover))
                .param("day", day.toString())
                .param("moment", moment)
                .query(TrialBalances::line)
                .list();
    }

    private static TrialBalanceLine line(ResultSet row, int number) throws SQLException {
        long debit = row.getLong("debit");
        long credit = row.getLong("credit");
        return new TrialBalanceLine(
                row.getString("gl_code"), row.getString("name"), debit, credit, Math.subtractExact(debit, credit));
    }
}
