package io.tallyhook.wallet.books;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The proposals. The database refuses a second decision, and an approval by their author. */
@Repository
class AdjustmentRows {

    private final JdbcClient jdbc;

    AdjustmentRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @return whether the number was free */
    boolean insert(String number, Proposal proposal, String by, Instant now) {
        return jdbc.sql("""
                        INSERT INTO wallet.adjustment
                          (adjustment_no, kind, user_id, shard, amount, bonus_expires_at, subject, reason, proposed_by, proposed_at)
                        VALUES (:number, :kind, :userId, :shard, :amount, :bonusExpiresAt, :subject, :reason, :by, :now)
                        ON CONFLICT (adjustment_no) DO NOTHING
                        """)
                        .param("number", number)
                        .param("kind", proposal.kind().name())
                        .param("userId", proposal.userId().value())
                        .param("shard", proposal.userId().shard())
                        .param("amount", proposal.amount().minorUnits())
                        .param(
                                "bonusExpiresAt",
                                proposal.bonusExpiresAt().map(Timestamp::from).orElse(null))
                        .param("subject", proposal.subject().orElse(null))
                        .param("reason", proposal.reason())
                        .param("by", by)
                        .param("now", Timestamp.from(now))
                        .update()
                == 1;
    }

    Optional<Adjustment> find(String number) {
        return jdbc.sql("SELECT * FROM wallet.adjustment WHERE adjustment_no = :number")
                .param("number", number)
                .query(AdjustmentRows::adjustment)
                .optional();
    }

    /** Whoever decides waits here until the one before has decided. */
    Optional<Adjustment> lock(String number) {
        return jdbc.sql("SELECT * FROM wallet.adjustment WHERE adjustment_no = :number FOR NO KEY UPDATE")
                .param("number", number)
                .query(AdjustmentRows::adjustment)
                .optional();
    }

    /** Books it, or learns that the ledger refuses. */
    Adjustment approve(Adjustment adjustment, String by, @Nullable String note, Instant now) {
        return jdbc.sql("SELECT * FROM wallet.approve(:number, :sha256, :by, :note, :now)")
                .param("number", adjustment.number())
                .param("sha256", adjustment.proposal().sha256())
                .param("by", by)
                .param("note", note)
                .param("now", Timestamp.from(now))
                .query(AdjustmentRows::adjustment)
                .single();
    }

    void end(String number, AdjustmentState state, String by, @Nullable String note, Instant now) {
        jdbc.sql("""
                        UPDATE wallet.adjustment SET state = :state, decided_by = :by, decided_at = :now, note = :note
                        WHERE adjustment_no = :number AND state = 'PROPOSED'
                        """)
                .param("number", number)
                .param("state", state.name())
                .param("by", by)
                .param("now", Timestamp.from(now))
                .param("note", note)
                .update();
    }

    /** Those that wait, the oldest first. */
    List<Adjustment> open(int atMost) {
        return jdbc.sql("""
                        SELECT * FROM wallet.adjustment WHERE state = 'PROPOSED' ORDER BY adjustment_no LIMIT :limit
                        """)
                .param("limit", atMost)
                .query(AdjustmentRows::adjustment)
                .list();
    }

    /** Those that are decided, the newest first. */
    Page<Adjustment> decided(Paging paging) {
        var rows = jdbc.sql("""
                        SELECT * FROM wallet.adjustment
                        WHERE state <> 'PROPOSED' AND adjustment_no < :before
                        ORDER BY adjustment_no DESC LIMIT :limit
                        """)
                .param("before", paging.cursor() == null ? "B" : paging.cursor())
                .param("limit", paging.limit() + 1)
                .query(AdjustmentRows::adjustment)
                .list();
        return Page.of(rows, paging.limit(), Adjustment::number);
    }

    private static Adjustment adjustment(ResultSet row, int number) throws SQLException {
        var proposal = new Proposal(
                AdjustmentKind.valueOf(row.getString("kind")),
                new UserId(row.getString("user_id")),
                Money.fen(row.getLong("amount")),
                instant(row, "bonus_expires_at"),
                Optional.ofNullable(row.getString("subject")),
                row.getString("reason"));
        return new Adjustment(
                row.getString("adjustment_no"),
                proposal,
                row.getString("proposed_by"),
                row.getTimestamp("proposed_at").toInstant(),
                AdjustmentState.valueOf(row.getString("state")),
                Optional.ofNullable(row.getString("decided_by")),
                instant(row, "decided_at"),
                Optional.ofNullable(row.getString("note")),
                Optional.ofNullable(row.getString("outcome")),
                Optional.ofNullable(row.getObject("journal_id", Long.class)));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    }
}
