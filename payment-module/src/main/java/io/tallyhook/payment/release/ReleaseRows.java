package io.tallyhook.payment.release;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.release.Release.Action;
import io.tallyhook.payment.release.Release.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The proposals and what has become of them: rows of {@code payment.release}. Who decides on one has locked its payment. */
@Repository
class ReleaseRows {

    private static final String RELEASES = """
            SELECT r.*, p.amount AS asked, p.currency
            FROM payment.release r JOIN payment.payment p USING (out_trade_no)
            """;

    private final JdbcClient jdbc;

    ReleaseRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Writes a proposal.
     *
     * @return its id; nothing if another waits for its payment, or was released
     */
    Optional<Long> propose(Releasable delivery, UUID callbackId, Action action, String reason, String actor) {
        return insert(delivery, callbackId, action, reason, actor, false);
    }

    /** Writes that a policy has released what nobody has begun with. */
    void releaseByPolicy(Releasable delivery, UUID callbackId, String policy) {
        if (insert(delivery, callbackId, Action.REFUND, policy, policy, true).isEmpty()) {
            throw new IllegalStateException("Somebody has begun with the release of payment " + delivery.outTradeNo());
        }
    }

    private Optional<Long> insert(
            Releasable delivery, UUID callbackId, Action action, String reason, String by, boolean policy) {
        return jdbc.sql("""
                        INSERT INTO payment.release
                          (out_trade_no, callback_id, received, action, reason, proposed_by, proposed_at, by_policy, state,
                           decided_at)
                        SELECT :outTradeNo, :callbackId::uuid, :received, :action, :reason, :by, now(), :policy,
                               CASE WHEN :policy THEN 'RELEASED' ELSE 'PROPOSED' END, CASE WHEN :policy THEN now() END
                        WHERE NOT EXISTS (SELECT FROM payment.release
                                          WHERE out_trade_no = :outTradeNo AND state IN ('PROPOSED', 'RELEASED'))
                        ON CONFLICT DO NOTHING
                        RETURNING id
                        """)
                .param("outTradeNo", delivery.outTradeNo())
                .param("callbackId", callbackId.toString())
                .param("received", delivery.received().minorUnits())
                .param("action", action.name())
                .param("reason", reason)
                .param("by", by)
                .param("policy", policy)
                .query(Long.class)
                .optional();
    }

    /** @return false if somebody else has decided on it */
    boolean decide(long id, State state, String actor, @Nullable String note) {
        return jdbc.sql("""
                                UPDATE payment.release
                                SET state = :state, decided_by = :actor, decided_at = now(), note = :note
                                WHERE id = :id AND state = 'PROPOSED'
                                """)
                        .param("state", state.name())
                        .param("actor", actor)
                        .param("note", note)
                        .param("id", id)
                        .update()
                == 1;
    }

    Optional<Release> find(long id) {
        return jdbc.sql(RELEASES + "WHERE r.id = :id")
                .param("id", id)
                .query(ReleaseRows::release)
                .optional();
    }

    /** Newest first. */
    List<Release> of(String outTradeNo) {
        return jdbc.sql(RELEASES + "WHERE r.out_trade_no = :outTradeNo ORDER BY r.id DESC LIMIT 100")
                .param("outTradeNo", outTradeNo)
                .query(ReleaseRows::release)
                .list();
    }

    /** Oldest first. */
    List<Release> waiting() {
        return jdbc.sql(RELEASES + "WHERE r.state = 'PROPOSED' ORDER BY r.id LIMIT 200")
                .query(ReleaseRows::release)
                .list();
    }

    private static Release release(ResultSet row, int number) throws SQLException {
        var currency = row.getString("currency");
        Timestamp decidedAt = row.getTimestamp("decided_at");
        return new Release(
                row.getLong("id"),
                row.getString("out_trade_no"),
                row.getObject("callback_id", UUID.class),
                Money.of(row.getLong("asked"), currency),
                Money.of(row.getLong("received"), currency),
                Action.valueOf(row.getString("action")),
                row.getString("reason"),
                row.getString("proposed_by"),
                row.getTimestamp("proposed_at").toInstant(),
                row.getBoolean("by_policy"),
                State.valueOf(row.getString("state")),
                row.getString("decided_by"),
                decidedAt == null ? null : decidedAt.toInstant(),
                row.getString("note"));
    }
}
