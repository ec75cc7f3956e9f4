package io.tallyhook.wallet.books;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.books.CodeAccounts.UserAccount;
import java.time.LocalDate;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The users' accounts of a code that are not empty, the largest balance first. There is no index on balances, because every
 * posting would have to maintain it: the page reads the balance rows (not the postings) and keeps the largest.
 */
@Repository
class UserAccounts {

    private static final Pattern CURSOR = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})");

    private final JdbcClient jdbc;

    UserAccounts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Page<UserAccount> page(String code, LocalDate to, Paging paging) {
        var after = CURSOR.matcher(paging.cursor() == null ? "999999999999999999-0" : paging.cursor());
        if (!after.matches()) {
            throw Refusal.badField("cursor", "must be the nextCursor of the page before");
        }
        var rows = jdbc.sql("""
                        WITH largest AS MATERIALIZED (
                          SELECT b.*, x.balance
                          FROM wallet.account_balance b
                          CROSS JOIN LATERAL (SELECT CASE b.normal WHEN 'CREDIT' THEN b.credit - b.debit
                                                                   ELSE b.debit - b.credit END AS balance) x
                          WHERE b.gl_code = :code AND x.balance > 0
                            AND (x.balance < :balance OR (x.balance = :balance AND b.account_id > :accountId))
                          ORDER BY x.balance DESC, b.account_id
                          LIMIT :limit
                        )
                        SELECT o.user_id, l.account_id, l.balance, l.seq, coalesce(earlier.balance, 0) AS closing
                        FROM largest l
                        JOIN wallet.owner o ON o.owner_id = l.owner_id
                        LEFT JOIN LATERAL (
                          SELECT p.balance FROM wallet.posting p
                          WHERE p.account_id = l.account_id AND p.seq IS NOT NULL AND p.acct_date <= :to::date
                          ORDER BY p.seq DESC LIMIT 1) earlier ON true
                        ORDER BY l.balance DESC, l.account_id
                        """)
                .param("code", code)
                .param("to", to)
                .param("balance", Long.parseLong(after.group(1)))
                .param("accountId", Long.parseLong(after.group(2)))
                .param("limit", paging.limit() + 1)
                .query((row, number) -> new UserAccount(
                        new UserId(row.getString("user_id")),
                        row.getLong("account_id"),
                        Money.fen(row.getLong("balance")),
                        Money.fen(row.getLong("closing")),
                        row.getLong("seq")))
                .list();
        return Page.of(rows, paging.limit(), last -> last.balance().minorUnits() + "-" + last.accountId());
    }
}
