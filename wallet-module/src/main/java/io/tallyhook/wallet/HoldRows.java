package io.tallyhook.wallet;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads holds. What was captured and what went back stands in what their journals did to the lots. */
@Repository
class HoldRows {

    private static final String HOLDS = """
            SELECT h.hold_no, o.user_id, h.reference, h.expires_at, h.principal, h.bonus,
                   h.principal_left + h.bonus_left AS left_over, u.captured,
                   (SELECT j.booked_at FROM wallet.journal j WHERE j.journal_id = h.hold_id AND j.shard = h.shard) AS created_at
            FROM wallet.owner o
            JOIN wallet.hold h ON h.shard = o.shard AND h.owner_id = o.owner_id
            CROSS JOIN LATERAL (
              SELECT coalesce(-sum(u.held_principal + u.held_bonus) FILTER (WHERE (u.principal, u.bonus) = (0, 0)), 0) AS captured
              FROM wallet.lot_use u WHERE u.shard = h.shard AND u.origin = h.hold_id) u
            WHERE o.shard = :shard AND o.user_id = :userId
            """;

    private final JdbcClient jdbc;

    HoldRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Hold> find(UserId userId, String holdNo) {
        return jdbc.sql(HOLDS + "AND h.hold_no = :holdNo")
                .param("shard", userId.shard())
                .param("userId", userId.value())
                .param("holdNo", holdNo)
                .query(HoldRows::hold)
                .optional();
    }

    /** Newest first; the numbers sort by time. */
    Page<Hold> of(UserId userId, Paging paging) {
        var rows = jdbc.sql(HOLDS + """
                        AND (:cursor::text IS NULL OR h.hold_no < :cursor COLLATE "C")
                        ORDER BY h.hold_no COLLATE "C" DESC
                        LIMIT :limit
                        """)
                .param("shard", userId.shard())
                .param("userId", userId.value())
                .param("cursor", paging.cursor())
                .param("limit", paging.limit() + 1)
                .query(HoldRows::hold)
                .list();
        return Page.of(rows, paging.limit(), Hold::holdNo);
    }

    private static Hold hold(ResultSet row, int number) throws SQLException {
        var principal = Money.fen(row.getLong("principal"));
        var bonus = Money.fen(row.getLong("bonus"));
        var amount = principal.plus(bonus);
        var left = Money.fen(row.getLong("left_over"));
        var captured = Money.fen(row.getLong("captured"));
        return new Hold(
                row.getString("hold_no"),
                new UserId(row.getString("user_id")),
                left.isPositive() ? Hold.State.OPEN : Hold.State.CLOSED,
                amount,
                principal,
                bonus,
                captured,
                amount.minus(left).minus(captured),
                left,
                row.getString("reference"),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("expires_at").toInstant());
    }
}
