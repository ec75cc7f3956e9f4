package io.tallyhook.wallet.books;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.books.Voucher.Head;
import io.tallyhook.wallet.books.Voucher.Line;
import io.tallyhook.wallet.books.Voucher.Link;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Puts vouchers together. */
@Repository
class Vouchers {

    private final JdbcClient jdbc;
    private final LotMoves lotMoves;
    private final JournalChains chains;

    Vouchers(JdbcClient jdbc, LotMoves lotMoves, JournalChains chains) {
        this.jdbc = jdbc;
        this.lotMoves = lotMoves;
        this.chains = chains;
    }

    Voucher get(long journalId) {
        var head = head(journalId).orElseThrow(() -> Refusal.notFound("voucher", Long.toString(journalId)));
        var lines = lines(head);
        var chain = chains.of(head.shard(), journalId);
        return new Voucher(
                head,
                chains.owner(head.shard(), chain.stream().map(Link::journalId).toList()),
                lines,
                total(lines, true),
                total(lines, false),
                lotMoves.ofJournal(head.shard(), journalId),
                chain);
    }

    private Optional<Head> head(long journalId) {
        return jdbc.sql("""
                        SELECT j.*, CASE WHEN b.upto_xid > j.xid THEN b.block_no END AS block_no
                        FROM wallet.journal j
                        LEFT JOIN LATERAL (SELECT block_no, upto_xid FROM wallet.block
                                           WHERE from_xid <= j.xid ORDER BY from_xid DESC LIMIT 1) b ON true
                        WHERE j.journal_id = :journalId
                        """).param("journalId", journalId).query(Vouchers::head).optional();
    }

    private List<Line> lines(Head head) {
        return jdbc.sql("""
                        SELECT p.*, a.gl_code, a.channel, g.name, o.user_id
                        FROM wallet.posting p
                        JOIN wallet.account a    ON a.account_id = p.account_id
                        JOIN wallet.gl_account g ON g.gl_code = a.gl_code
                        LEFT JOIN wallet.owner o ON o.owner_id = a.owner_id
                        WHERE p.acct_date = :acctDate AND p.shard = :shard AND p.journal_id = :journalId
                        ORDER BY p.line
                        """)
                .param("acctDate", head.acctDate())
                .param("shard", head.shard())
                .param("journalId", head.journalId())
                .query(Vouchers::line)
                .list();
    }

    private static Money total(List<Line> lines, boolean debit) {
        return lines.stream()
                .filter(line -> line.debit() == debit)
                .map(Line::size)
                .reduce(Money.fen(0), Money::plus);
    }

    private static Head head(ResultSet row, int number) throws SQLException {
        return new Head(
                row.getLong("journal_id"),
                row.getInt("shard"),
                row.getString("kind"),
                row.getString("request_key"),
                row.getString("reference"),
                row.getTimestamp("event_at").toInstant(),
                row.getTimestamp("booked_at").toInstant(),
                row.getObject("acct_date", LocalDate.class),
                row.getString("actor"),
                Optional.ofNullable(row.getString("memo")),
                Optional.ofNullable(row.getObject("block_no", Long.class)));
    }

    private static Line line(ResultSet row, int number) throws SQLException {
        return new Line(
                row.getInt("line"),
                row.getString("gl_code"),
                row.getString("name"),
                Optional.ofNullable(row.getString("user_id")).map(UserId::new),
                row.getString("channel"),
                Money.fen(row.getLong("amount")),
                Optional.ofNullable(row.getObject("seq", Long.class)),
                Optional.ofNullable(row.getObject("balance", Long.class)).map(Money::fen));
    }
}
