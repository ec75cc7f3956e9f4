package io.tallyhook.wallet.ledger;

import io.tallyhook.wallet.TrialBalanceLine;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The chart of accounts with its turnover. */
@Repository
public class TrialBalances {

    /** The books are kept in Beijing time. */
    private static final ZoneId BOOKS = ZoneId.of("Asia/Shanghai");

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

    /** Up to the end of an accounting date. */
    public List<TrialBalanceLine> endOf(LocalDate day) {
        return lines("p.acct_date <= :day::date", day.toString(), null);
    }

    /** Up to and with a moment of booking. */
    public List<TrialBalanceLine> at(Instant moment) {
        return lines("j.booked_at <= :moment", null, Timestamp.from(moment));
    }

    private List<TrialBalanceLine> lines(String upTo, @Nullable String day, @Nullable Timestamp moment) {
        return jdbc.sql("""
                        SELECT g.gl_code, g.name, coalesce(t.debit, 0) AS debit, coalesce(t.credit, 0) AS credit
                        FROM wallet.gl_account g
                        LEFT JOIN (SELECT a.gl_code, sum(p.amount) FILTER (WHERE p.amount > 0) AS debit,
                                          -sum(p.amount) FILTER (WHERE p.amount < 0) AS credit
                                   FROM wallet.posting p
                                   JOIN wallet.account a USING (account_id)
                                   JOIN wallet.journal j
                                     ON j.acct_date = p.acct_date AND j.shard = p.shard AND j.journal_id = p.journal_id
                                   WHERE %s
                                   GROUP BY a.gl_code) t USING (gl_code)
                        ORDER BY g.gl_code
                        """.formatted(upTo))
                .param("day", day)
                .param("moment", moment)
                .query((row, number) -> {
                    long debit = row.getLong("debit");
                    long credit = row.getLong("credit");
                    return new TrialBalanceLine(
                            row.getString("gl_code"),
                            row.getString("name"),
                            debit,
                            credit,
                            Math.subtractExact(debit, credit));
                })
                .list();
    }
}
