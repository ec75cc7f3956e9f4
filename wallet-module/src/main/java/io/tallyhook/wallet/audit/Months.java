package io.tallyhook.wallet.audit;

import io.tallyhook.payment.Money;
import io.tallyhook.wallet.audit.BooksMonth.Begun;
import io.tallyhook.wallet.audit.BooksMonth.Closed;
import io.tallyhook.wallet.audit.BooksMonth.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The months of the books, as people see them. */
@Repository
class Months {

    private final JdbcClient jdbc;

    Months(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** All that have postings or were closed, newest first. */
    List<BooksMonth> all() {
        return jdbc.sql("""
                        SELECT coalesce(t.month, p.month) AS month, coalesce(p.state, 'OPEN') AS state,
                               coalesce(t.debit, 0) AS debit, coalesce(t.lines, 0) AS lines,
                               p.closing_by, p.closing_at, p.closed_at, encode(p.sha256, 'hex') AS sha256, p.block_no
                        FROM (SELECT date_trunc('month', acct_date::timestamp)::date AS month,
                                     sum(debit)::bigint AS debit, sum(lines)::bigint AS lines
                              FROM wallet.turnover GROUP BY 1) t
                        FULL JOIN wallet.accounting_period p ON p.month = t.month
                        ORDER BY 1 DESC
                        """).query(Months::month).list();
    }

    /** Money set aside, proposals that nobody has decided on, and refunds that nobody has confirmed. */
    ClosingChecks checks(boolean proofHolds, List<YearMonth> earlierOpen) {
        return jdbc.sql("""
                        SELECT (SELECT count(*) FROM wallet.hold WHERE principal_left > 0 OR bonus_left > 0) AS holds,
                               (SELECT count(*) FROM wallet.adjustment WHERE state = 'PROPOSED') AS proposed,
                               (SELECT coalesce(sum(credit - debit), 0) FROM wallet.turnover WHERE gl_code = '2241.01')
                                 AS in_transit
                        """)
                .query((row, number) -> new ClosingChecks(
                        proofHolds,
                        row.getLong("holds"),
                        row.getLong("proposed"),
                        Money.fen(row.getLong("in_transit")),
                        earlierOpen))
                .single();
    }

    private static BooksMonth month(ResultSet row, int number) throws SQLException {
        var state = State.valueOf(row.getString("state"));
        return new BooksMonth(
                YearMonth.from(row.getDate("month").toLocalDate()),
                state,
                Money.fen(row.getLong("debit")),
                row.getLong("lines"),
                state == State.OPEN
                        ? Optional.empty()
                        : Optional.of(new Begun(
                                row.getString("closing_by"),
                                row.getTimestamp("closing_at").toInstant())),
                state == State.CLOSED
                        ? Optional.of(new Closed(
                                row.getTimestamp("closed_at").toInstant(),
                                row.getString("sha256"),
                                row.getLong("block_no")))
                        : Optional.empty());
    }
}
