package io.tallyhook.wallet.ledger;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.Wallet;
import io.tallyhook.wallet.WalletEntry;
import io.tallyhook.wallet.WalletEntry.Part;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What users have, and how it came about. */
@Repository
public class Statements {

    private final JdbcClient jdbc;

    Statements(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What a user has: nothing, if he was never seen. */
    public Wallet balance(UserId userId) {
        return jdbc.sql("""
                        SELECT coalesce(sum(b.credit - b.debit) FILTER (WHERE a.gl_code = '2204.01'), 0),
                               coalesce(sum(b.credit - b.debit) FILTER (WHERE a.gl_code = '2204.11'), 0),
                               coalesce(sum(b.credit - b.debit) FILTER (WHERE a.gl_code = '2204.02'), 0),
                               coalesce(sum(b.credit - b.debit) FILTER (WHERE a.gl_code = '2204.12'), 0)
                        FROM wallet.owner o
                        JOIN wallet.account a         ON a.shard = o.shard AND a.owner_id = o.owner_id
                        JOIN wallet.account_balance b ON b.shard = a.shard AND b.account_id = a.account_id
                        WHERE o.shard = :shard AND o.user_id = :userId
                        """)
                .param("shard", userId.shard())
                .param("userId", userId.value())
                .query((row, number) -> new Wallet(
                        userId,
                        Money.fen(row.getLong(1)),
                        Money.fen(row.getLong(2)),
                        Money.fen(row.getLong(3)),
                        Money.fen(row.getLong(4))))
                .single();
    }

    /**
     * A user's statement over both parts, newest first. Within a part the booking times rise with the numbers, so that the
     * page is the newest of the newest lines of each; the cursor names how far each part was read.
     */
    public Page<WalletEntry> entries(UserId userId, Paging paging) {
        var from = Cursor.of(paging.cursor());
        var rows = jdbc.sql("""
                        SELECT p.seq, j.booked_at, j.kind, w.part, -p.amount AS amount, p.balance, j.reference
                        FROM wallet.owner o
                        CROSS JOIN (VALUES ('PRINCIPAL', '2204.01', :principalBefore::bigint),
                                           ('BONUS',     '2204.11', :bonusBefore::bigint)) AS w (part, gl_code, before)
                        JOIN wallet.account a ON a.shard = o.shard AND a.owner_id = o.owner_id AND a.gl_code = w.gl_code
                        CROSS JOIN LATERAL (
                          SELECT * FROM wallet.posting p
                          WHERE p.account_id = a.account_id AND p.seq < w.before
                          ORDER BY p.seq DESC
                          LIMIT :limit) p
                        JOIN wallet.journal j
                          ON j.acct_date = p.acct_date AND j.shard = p.shard AND j.journal_id = p.journal_id
                        WHERE o.shard = :shard AND o.user_id = :userId
                        ORDER BY j.booked_at DESC, w.part, p.seq DESC
                        LIMIT :limit
                        """)
                .param("shard", userId.shard())
                .param("userId", userId.value())
                .param("principalBefore", from.principal())
                .param("bonusBefore", from.bonus())
                .param("limit", paging.limit() + 1)
                .query(Statements::entry)
                .list();
        return Page.of(
                rows,
                paging.limit(),
                last -> from.behind(rows.subList(0, paging.limit())).toString());
    }

    private static WalletEntry entry(ResultSet row, int number) throws SQLException {
        return new WalletEntry(
                row.getLong("seq"),
                row.getTimestamp("booked_at").toInstant(),
                row.getString("kind"),
                Part.valueOf(row.getString("part")),
                row.getLong("amount"),
                row.getLong("balance"),
                row.getString("reference"));
    }

    /** Only lines with smaller numbers than these are still to be read. */
    private record Cursor(long principal, long bonus) {

        private static final Pattern SHAPE = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})");
        private static final Cursor START = new Cursor(Long.MAX_VALUE, Long.MAX_VALUE);

        static Cursor of(@Nullable String text) {
            if (text == null) {
                return START;
            }
            var parts = SHAPE.matcher(text);
            if (!parts.matches()) {
                throw Refusal.badField("cursor", "must be the nextCursor of the page before");
            }
            return new Cursor(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)));
        }

        Cursor behind(List<WalletEntry> read) {
            long nextPrincipal = principal;
            long nextBonus = bonus;
            for (var entry : read) {
                switch (entry.part()) {
                    case PRINCIPAL -> nextPrincipal = entry.seq();
                    case BONUS -> nextBonus = entry.seq();
                }
            }
            return new Cursor(nextPrincipal, nextBonus);
        }

        /** A part of which nothing was read yet is written as the largest number that can be read back. */
        @Override
        public String toString() {
            long largest = 999_999_999_999_999_999L;
            return Math.min(principal, largest) + "-" + Math.min(bonus, largest);
        }
    }
}
