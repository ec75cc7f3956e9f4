package io.tallyhook.wallet.books;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;

/** The holds: of one user, and all that are open. */
@Repository
class HoldLines {

    private static final Pattern CURSOR = Pattern.compile("([0-9]{1,16})-([0-9]{1,18})");

    private static final String HOLD = """
            SELECT h.*, o.user_id, j.booked_at
            FROM wallet.hold h
            JOIN wallet.owner o   ON o.owner_id = h.owner_id
            JOIN wallet.journal j ON j.journal_id = h.hold_id AND j.shard = h.shard
            """;

    private final JdbcClient jdbc;

    HoldLines(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A user's holds: the open ones first, then the newest. */
    List<HoldLine> of(UserId userId, int atMost) {
        return jdbc.sql(HOLD + """
                        WHERE o.shard = :shard AND o.user_id = :userId AND h.shard = o.shard
                        ORDER BY (h.principal_left > 0 OR h.bonus_left > 0) DESC, h.hold_id DESC LIMIT :limit
                        """)
                .param("shard", userId.shard())
                .param("userId", userId.value())
                .param("limit", atMost)
                .query(HoldLines::hold)
                .list();
    }

    /** All open holds. The index on the time they end has only those, however many holds there ever were. */
    Page<HoldLine> open(HoldOrder order, Paging paging) {
        var rows = query(order, paging).query(HoldLines::hold).list();
        return Page.of(rows, paging.limit(), hold -> micros(hold.expiresAt()) + "-" + hold.holdId());
    }

    /** All open holds one after the other; to be called in a transaction, so that a cursor can be used. */
    void each(HoldOrder order, int fetchSize, Consumer<HoldLine> reader) {
        var none = new Paging(Paging.MAX_LIMIT, null);
        query(order, none).param("limit", null).withFetchSize(fetchSize).query(row -> {
            reader.accept(hold(row, 0));
        });
    }

    private StatementSpec query(HoldOrder order, Paging paging) {
        var after = CURSOR.matcher(paging.cursor() == null ? "0-0" : paging.cursor());
        if (!after.matches()) {
            throw Refusal.badField("cursor", "must be the nextCursor of the page before");
        }
        return jdbc.sql(HOLD + """
                        CROSS JOIN (VALUES (timestamptz 'epoch' + :micros::bigint * interval '1 microsecond', :holdId::bigint))
                          AS after (expires_at, hold_id)
                        WHERE (h.principal_left > 0 OR h.bonus_left > 0) AND (%s) > (%s)
                        ORDER BY %s LIMIT :limit
                        """.formatted(order.columns(), order.columns().replace("h.", "after."), order.columns()))
                .param("micros", Long.parseLong(after.group(1)))
                .param("holdId", Long.parseLong(after.group(2)))
                .param("limit", paging.limit() + 1);
    }

    private static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1000);
    }

    private static HoldLine hold(ResultSet row, int number) throws SQLException {
        return new HoldLine(
                new UserId(row.getString("user_id")),
                row.getLong("hold_id"),
                row.getString("hold_no"),
                row.getString("reference"),
                row.getTimestamp("booked_at").toInstant(),
                row.getTimestamp("expires_at").toInstant(),
                Money.fen(row.getLong("principal")),
                Money.fen(row.getLong("bonus")),
                Money.fen(row.getLong("principal_left")),
                Money.fen(row.getLong("bonus_left")));
    }
}
