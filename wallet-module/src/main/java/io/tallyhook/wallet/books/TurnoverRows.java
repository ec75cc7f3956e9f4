package io.tallyhook.wallet.books;

import io.tallyhook.wallet.books.CodeAccounts.PlatformAccount;
import io.tallyhook.wallet.books.TrialBalance.CodeLine;
import io.tallyhook.wallet.books.TrialBalance.Turnover;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Turnover from the totals by day and the tail that is not rolled up yet: a few dozen rows for each day, however many
 * postings there are. The mark between the two is read first and then written into the query as a value, so that the
 * planner sees how short the tail is; hence every method belongs into a transaction that keeps one snapshot.
 */
@Repository
class TurnoverRows {

    private static final String SUMS = """
            coalesce(sum(t.debit - t.credit) FILTER (WHERE t.acct_date < :from::date), 0)  AS opening,
            coalesce(sum(t.debit)            FILTER (WHERE t.acct_date >= :from::date), 0) AS debit,
            coalesce(sum(t.credit)           FILTER (WHERE t.acct_date >= :from::date), 0) AS credit""";

    /** As the view {@code wallet.turnover} has it, which cannot know the mark when its query is planned. */
    private static final String TURNOVER = """
            (SELECT d.acct_date, d.gl_code, d.account_id, d.debit, d.credit FROM wallet.daily_total d
             WHERE d.acct_date <= :to::date
             UNION ALL
             SELECT p.acct_date, a.gl_code, CASE WHEN a.owner_id > 0 THEN 0 ELSE a.account_id END,
                    greatest(p.amount, 0), greatest(-p.amount, 0)
             FROM wallet.posting p JOIN wallet.account a USING (account_id)
             WHERE p.xid >= :uptoXid AND p.acct_date <= :to::date) t""";

    private final JdbcClient jdbc;

    TurnoverRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** All codes of the chart, also those that were never used. */
    List<CodeLine> byCode(LocalDate from, LocalDate to) {
        return jdbc.sql("""
                        SELECT g.gl_code, g.name, g.kept_per, coalesce(s.opening, 0) AS opening, coalesce(s.debit, 0) AS debit,
                               coalesce(s.credit, 0) AS credit
                        FROM wallet.gl_account g
                        LEFT JOIN (SELECT t.gl_code, %s FROM %s GROUP BY t.gl_code) s ON s.gl_code = g.gl_code
                        ORDER BY g.gl_code
                        """.formatted(SUMS, TURNOVER))
                .param("uptoXid", mark())
                .param("from", from)
                .param("to", to)
                .query((row, number) -> new CodeLine(
                        row.getString("gl_code"), row.getString("name"), row.getString("kept_per"), turnover(row)))
                .list();
    }

    Optional<CodeLine> ofCode(String code, LocalDate from, LocalDate to) {
        return byCode(from, to).stream()
                .filter(line -> line.code().equals(code))
                .findFirst();
    }

    /** The platform's accounts of a code, also those that were never used. */
    List<PlatformAccount> byAccount(String code, LocalDate from, LocalDate to) {
        return jdbc.sql("""
                        SELECT a.account_id, a.channel, coalesce(s.opening, 0) AS opening, coalesce(s.debit, 0) AS debit,
                               coalesce(s.credit, 0) AS credit
                        FROM wallet.account a
                        LEFT JOIN (SELECT t.account_id, %s FROM %s WHERE t.gl_code = :code GROUP BY t.account_id) s
                          ON s.account_id = a.account_id
                        WHERE a.shard = 0 AND a.owner_id = 0 AND a.gl_code = :code
                        ORDER BY a.channel, a.account_id
                        """.formatted(SUMS, TURNOVER))
                .param("uptoXid", mark())
                .param("code", code)
                .param("from", from)
                .param("to", to)
                .query((row, number) ->
                        new PlatformAccount(row.getLong("account_id"), row.getString("channel"), turnover(row)))
                .list();
    }

    /** Every posting of a transaction below it is in the totals. */
    private long mark() {
        return jdbc.sql("SELECT upto_xid FROM wallet.rolled_up")
                .query(Long.class)
                .single();
    }

    private static Turnover turnover(ResultSet row) throws SQLException {
        return Turnover.of(row.getLong("opening"), row.getLong("debit"), row.getLong("credit"));
    }
}
