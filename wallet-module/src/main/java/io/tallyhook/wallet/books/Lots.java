package io.tallyhook.wallet.books;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The lots of users. */
@Repository
class Lots {

    private static final String LOT = """
            SELECT l.*, j.reference, j.booked_at
            FROM wallet.owner o
            JOIN wallet.wallet_lot l ON l.shard = o.shard AND l.owner_id = o.owner_id
            JOIN wallet.journal j    ON j.journal_id = l.lot_id AND j.shard = l.shard
            WHERE o.shard = :shard AND o.user_id = :userId
            """;

    private final JdbcClient jdbc;

    Lots(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Those with something left, in the order in which they are spent. */
    List<Lot> open(UserId userId, int atMost) {
        return jdbc.sql(LOT + """
                        AND (l.principal_left > 0 OR l.bonus_left > 0)
                        ORDER BY l.expires_at, l.lot_id LIMIT :limit
                        """)
                .param("shard", userId.shard())
                .param("userId", userId.value())
                .param("limit", atMost)
                .query(Lots::lot)
                .list();
    }

    /** All of them, newest first. */
    Page<Lot> all(UserId userId, Paging paging) {
        var rows = jdbc.sql(LOT + "AND l.lot_id < :before ORDER BY l.lot_id DESC LIMIT :limit")
                .param("shard", userId.shard())
                .param("userId", userId.value())
                .param("before", paging.cursorOr(Long.MAX_VALUE))
                .param("limit", paging.limit() + 1)
                .query(Lots::lot)
                .list();
        return Page.of(rows, paging.limit(), lot -> Long.toString(lot.lotId()));
    }

    Optional<Lot> find(UserId userId, long lotId) {
        return jdbc.sql(LOT + "AND l.lot_id = :lotId")
                .param("shard", userId.shard())
                .param("userId", userId.value())
                .param("lotId", lotId)
                .query(Lots::lot)
                .optional();
    }

    private static Lot lot(ResultSet row, int number) throws SQLException {
        return new Lot(
                row.getLong("lot_id"),
                row.getString("reference"),
                row.getString("request_key"),
                row.getString("channel"),
                row.getTimestamp("booked_at").toInstant(),
                Money.fen(row.getLong("principal")),
                Money.fen(row.getLong("bonus")),
                Money.fen(row.getLong("principal_left")),
                Money.fen(row.getLong("bonus_left")),
                end(row.getObject("expires_at", OffsetDateTime.class)));
    }

    /** What PostgreSQL calls infinity is the largest time of its driver. */
    private static Optional<Instant> end(OffsetDateTime expiresAt) {
        return expiresAt.equals(OffsetDateTime.MAX) ? Optional.empty() : Optional.of(expiresAt.toInstant());
    }
}
