package io.tallyhook.wallet.books;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Refusal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;

/**
 * The lines of a platform's account, newest first: the index has them in this order, so that each page costs the same. The
 * page is cut before its heads are looked up, for the planner underrates that join and would read all heads.
 */
@Repository
class AccountLines {

    private static final Pattern CURSOR = Pattern.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})_([0-9]{1,18})_([0-9]{1,2})");

    /** Behind every line that there is. */
    private static final String START = "9999-12-31_999999999999999999_99";

    private final JdbcClient jdbc;

    AccountLines(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Page<AccountLine> page(long accountId, LocalDate from, LocalDate to, Paging paging) {
        var rows = query(accountId, from, to, paging.cursor() == null ? START : paging.cursor())
                .param("limit", paging.limit() + 1)
                .query(AccountLines::line)
                .list();
        return Page.of(
                rows, paging.limit(), last -> "%s_%d_%d".formatted(last.acctDate(), last.journalId(), last.line()));
    }

    /** All lines one after the other; to be called in a transaction, so that a cursor can be used. */
    void each(long accountId, LocalDate from, LocalDate to, int fetchSize, Consumer<AccountLine> reader) {
        query(accountId, from, to, START)
                .param("limit", null)
                .withFetchSize(fetchSize)
                .query(row -> {
                    reader.accept(line(row, 0));
                });
    }

    private StatementSpec query(long accountId, LocalDate from, LocalDate to, String cursor) {
        var after = CURSOR.matcher(cursor);
        if (!after.matches()) {
            throw Refusal.badField("cursor", "must be the nextCursor of the page before");
        }
        return jdbc.sql("""
                        SELECT p.acct_date, p.journal_id, p.line, p.amount, j.booked_at, j.event_at, j.kind, j.reference,
                               j.request_key
                        FROM (SELECT * FROM wallet.posting p
                              WHERE p.account_id = :accountId AND p.seq IS NULL
                                AND p.acct_date >= :from::date AND p.acct_date <= least(:to::date, :day::date)
                                AND (p.acct_date, p.journal_id, p.line) < (:day::date, :journalId::bigint, :line::int)
                              ORDER BY p.acct_date DESC, p.journal_id DESC, p.line DESC
                              LIMIT :limit) p
                        JOIN wallet.journal j
                          ON j.acct_date = p.acct_date AND j.shard = p.shard AND j.journal_id = p.journal_id
                        ORDER BY p.acct_date DESC, p.journal_id DESC, p.line DESC
                        """)
                .param("accountId", accountId)
                .param("from", from)
                .param("to", to)
                .param("day", day(after.group(1)))
                .param("journalId", Long.parseLong(after.group(2)))
                .param("line", Integer.parseInt(after.group(3)));
    }

    private static LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw Refusal.badField("cursor", "must be the nextCursor of the page before");
        }
    }

    private static AccountLine line(ResultSet row, int number) throws SQLException {
        return new AccountLine(
                row.getObject("acct_date", LocalDate.class),
                row.getLong("journal_id"),
                row.getInt("line"),
                row.getTimestamp("booked_at").toInstant(),
                row.getTimestamp("event_at").toInstant(),
                row.getString("kind"),
                row.getString("reference"),
                row.getString("request_key"),
                Money.fen(row.getLong("amount")));
    }
}
