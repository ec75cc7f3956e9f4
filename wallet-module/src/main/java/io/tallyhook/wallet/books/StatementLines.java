package io.tallyhook.wallet.books;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;

/**
 * Statements of one or more purses in one list, newest first. Within a purse the booking times rise with the line numbers,
 * so that a page is the newest of the newest lines of each, and the next page begins at a number in each.
 */
@Repository
class StatementLines {

    private final JdbcClient jdbc;

    StatementLines(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Page<StatementLine> page(UserId userId, StatementFilter filter, Paging paging) {
        var from = StatementCursor.of(filter.purses(), paging.cursor());
        var rows = query(userId, filter, from)
                .param("limit", paging.limit() + 1)
                .query(StatementLines::line)
                .list();
        return Page.of(
                rows,
                paging.limit(),
                last -> from.behind(rows.subList(0, paging.limit())).text());
    }

    /** All lines one after the other; to be called in a transaction, so that a cursor can be used. */
    void each(UserId userId, StatementFilter filter, int fetchSize, Consumer<StatementLine> reader) {
        query(userId, filter, StatementCursor.of(filter.purses(), null))
                .param("limit", null)
                .withFetchSize(fetchSize)
                .query(row -> {
                    reader.accept(line(row, 0));
                });
    }

    private StatementSpec query(UserId userId, StatementFilter filter, StatementCursor from) {
        return jdbc.sql("""
                        SELECT w.gl_code, line.*
                        FROM wallet.owner o
                        CROSS JOIN unnest(:codes::text[], :befores::bigint[]) AS w (gl_code, before)
                        JOIN wallet.account_balance b
                          ON b.shard = o.shard AND b.owner_id = o.owner_id AND b.gl_code = w.gl_code
                        CROSS JOIN LATERAL (
                          SELECT p.seq, p.journal_id, p.amount, p.balance, j.booked_at, j.event_at, j.kind, j.reference,
                                 j.request_key
                          FROM wallet.posting p
                          JOIN wallet.journal j
                            ON j.acct_date = p.acct_date AND j.shard = p.shard AND j.journal_id = p.journal_id
                          WHERE p.account_id = b.account_id AND p.seq < w.before
                            AND p.acct_date >= coalesce(:from::date, '-infinity')
                            AND p.acct_date <= coalesce(:to::date, 'infinity')
                            AND (:kind::text IS NULL OR j.kind = :kind::text)
                          ORDER BY p.seq DESC
                          LIMIT :limit) line
                        WHERE o.shard = :shard AND o.user_id = :userId
                        ORDER BY line.booked_at DESC, w.gl_code, line.seq DESC
                        LIMIT :limit
                        """)
                .param("codes", filter.purses().stream().map(Purse::code).toArray(String[]::new))
                .param("befores", from.befores())
                .param("from", filter.from())
                .param("to", filter.to())
                .param("kind", filter.kind())
                .param("shard", userId.shard())
                .param("userId", userId.value());
    }

    private static StatementLine line(ResultSet row, int number) throws SQLException {
        return new StatementLine(
                Purse.of(row.getString("gl_code")),
                row.getLong("seq"),
                row.getLong("journal_id"),
                row.getTimestamp("booked_at").toInstant(),
                row.getTimestamp("event_at").toInstant(),
                row.getString("kind"),
                row.getString("reference"),
                row.getString("request_key"),
                Money.fen(row.getLong("amount")),
                Money.fen(row.getLong("balance")));
    }
}
