package io.tallyhook.wallet.books;

import io.tallyhook.payment.UserId;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.EnumMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The balances of a user at a moment of booking. Every posting carries the balance after it, so this is one backward
 * index probe for each account, however long its statement is; for an account that did not move since, not even that.
 */
@Repository
class BalancesAt {

    private final JdbcClient jdbc;

    BalancesAt(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param moment absent: now */
    Balances of(UserId userId, @Nullable Instant moment) {
        var found = new EnumMap<Purse, Long>(Purse.class);
        jdbc.sql("""
                        SELECT b.gl_code,
                               CASE WHEN b.booked_at > m.moment THEN coalesce(earlier.balance, 0)
                                    WHEN b.normal = 'CREDIT'    THEN b.credit - b.debit
                                    ELSE                             b.debit - b.credit END AS balance
                        FROM wallet.owner o
                        JOIN wallet.account_balance b ON b.shard = o.shard AND b.owner_id = o.owner_id
                        CROSS JOIN (VALUES (coalesce(:moment::timestamptz, 'infinity'))) AS m (moment)
                        LEFT JOIN LATERAL (
                          SELECT p.balance
                          FROM wallet.posting p
                          JOIN wallet.journal j
                            ON j.acct_date = p.acct_date AND j.shard = p.shard AND j.journal_id = p.journal_id
                          WHERE p.account_id = b.account_id AND p.seq IS NOT NULL AND b.booked_at > m.moment
                            AND p.acct_date <= (m.moment AT TIME ZONE 'Asia/Shanghai')::date
                            AND j.booked_at <= m.moment
                          ORDER BY p.seq DESC
                          LIMIT 1) earlier ON true
                        WHERE o.shard = :shard AND o.user_id = :userId
                        """)
                .param("moment", moment == null ? null : Timestamp.from(moment))
                .param("shard", userId.shard())
                .param("userId", userId.value())
                .query(row -> {
                    found.put(Purse.of(row.getString("gl_code")), row.getLong("balance"));
                });
        return Balances.of(found);
    }
}
