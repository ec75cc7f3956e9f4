package io.tallyhook.wallet.books;

import io.tallyhook.payment.Money;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What journals took out of lots, and gave back to them. */
@Repository
class LotMoves {

    private static final String MOVE = """
            SELECT u.*, j.kind, j.reference, j.booked_at, made.reference AS lot_reference
            FROM wallet.lot_use u
            JOIN wallet.journal j    ON j.journal_id = u.journal_id AND j.shard = u.shard
            JOIN wallet.journal made ON made.journal_id = u.lot_id  AND made.shard = u.shard
            WHERE u.shard = :shard AND\s""";

    private final JdbcClient jdbc;

    LotMoves(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<LotMove> ofLot(int shard, long lotId, int atMost) {
        return jdbc.sql(MOVE + "u.lot_id = :lotId ORDER BY u.journal_id LIMIT :limit")
                .param("shard", shard)
                .param("lotId", lotId)
                .param("limit", atMost)
                .query(LotMoves::move)
                .list();
    }

    List<LotMove> ofJournal(int shard, long journalId) {
        return jdbc.sql(MOVE + "u.journal_id = :journalId ORDER BY u.lot_id")
                .param("shard", shard)
                .param("journalId", journalId)
                .query(LotMoves::move)
                .list();
    }

    private static LotMove move(ResultSet row, int number) throws SQLException {
        return new LotMove(
                row.getLong("journal_id"),
                row.getString("kind"),
                row.getString("reference"),
                row.getTimestamp("booked_at").toInstant(),
                row.getLong("lot_id"),
                row.getString("lot_reference"),
                Money.fen(row.getLong("principal")),
                Money.fen(row.getLong("bonus")),
                Money.fen(row.getLong("held_principal")),
                Money.fen(row.getLong("held_bonus")));
    }
}
