package io.tallyhook.wallet.books;

import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.books.Voucher.Link;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Which journals give back, capture, release, expire or settle which. */
@Repository
class JournalChains {

    /** A chain is short; this bounds what damage could make of it. */
    private static final int LONGEST = 200;

    private final JdbcClient jdbc;

    JournalChains(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** From a journal up to the one that all began with, and down again to all that came of that. */
    List<Link> of(int shard, long journalId) {
        return jdbc.sql("""
                        WITH RECURSIVE up AS (
                          SELECT j.journal_id, j.regards, 0 AS height FROM wallet.journal j
                          WHERE j.journal_id = :journalId AND j.shard = :shard
                          UNION ALL
                          SELECT j.journal_id, j.regards, u.height + 1
                          FROM up u JOIN wallet.journal j ON j.journal_id = u.regards AND j.shard = :shard
                          WHERE u.height < 20
                        ), down AS (
                          (SELECT u.journal_id, 0 AS depth FROM up u ORDER BY u.height DESC LIMIT 1)
                          UNION ALL
                          SELECT j.journal_id, d.depth + 1
                          FROM down d JOIN wallet.journal j ON j.regards = d.journal_id AND j.shard = :shard
                          WHERE d.depth < 20
                        )
                        SELECT j.journal_id, j.kind, j.reference, j.booked_at, d.depth
                        FROM down d JOIN wallet.journal j ON j.journal_id = d.journal_id AND j.shard = :shard
                        ORDER BY j.journal_id LIMIT :limit
                        """)
                .param("journalId", journalId)
                .param("shard", shard)
                .param("limit", LONGEST)
                .query((row, number) -> new Link(
                        row.getLong("journal_id"),
                        row.getString("kind"),
                        row.getString("reference"),
                        row.getTimestamp("booked_at").toInstant(),
                        row.getInt("depth")))
                .list();
    }

    /** Whose money these journals are about: a journal lies in one wallet, and so does its chain. */
    Optional<UserId> owner(int shard, List<Long> journalIds) {
        return jdbc.sql("""
                        SELECT o.user_id
                        FROM wallet.journal j
                        JOIN wallet.posting p ON p.acct_date = j.acct_date AND p.shard = j.shard AND p.journal_id = j.journal_id
                        JOIN wallet.account a ON a.account_id = p.account_id
                        JOIN wallet.owner o   ON o.owner_id = a.owner_id
                        WHERE j.journal_id IN (:journalIds) AND j.shard = :shard
                        LIMIT 1
                        """)
                .param("journalIds", journalIds)
                .param("shard", shard)
                .query((row, number) -> new UserId(row.getString("user_id")))
                .optional();
    }
}
