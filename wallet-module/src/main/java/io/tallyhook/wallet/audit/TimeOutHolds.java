package io.tallyhook.wallet.audit;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Releases holds whose time is over, unless they were captured or released meanwhile. */
@Component
class TimeOutHolds extends DueWork {

    private final JdbcClient jdbc;
    private final AuditSettings settings;

    TimeOutHolds(JdbcClient jdbc, Transactions transactions, AuditSettings settings, Clock clock) {
        super(jdbc, transactions, settings, clock);
        this.jdbc = jdbc;
        this.settings = settings;
    }

    @Override
    public String name() {
        return "holds";
    }

    @Override
    public Instant dueAfter(Instant now) {
        return now.plus(settings.timeOutEvery());
    }

    @Override
    String selectDue() {
        return """
                SELECT h.shard, h.hold_id AS id, h.expires_at AS at
                FROM wallet.hold h
                WHERE (h.principal_left > 0 OR h.bonus_left > 0) AND h.expires_at <= :now
                  AND (h.expires_at, h.hold_id) > (:at, :id)
                  AND h.shard NOT IN (SELECT shard FROM wallet.stop WHERE resumed_at IS NULL)
                ORDER BY h.expires_at, h.hold_id LIMIT :batch
                """;
    }

    @Override
    void book(Due due, Timestamp now) {
        jdbc.sql("""
                        SELECT (wallet.release(h.shard, o.user_id, 'timeout:' || h.hold_no,
                                               sha256(convert_to('timeout:' || h.hold_no, 'UTF8')),
                                               h.hold_no, :now, 'system', NULL)).outcome
                        FROM wallet.hold h JOIN wallet.owner o ON o.shard = h.shard AND o.owner_id = h.owner_id
                        WHERE h.shard = :shard AND h.hold_id = :hold
                        """)
                .param("now", now)
                .param("shard", due.shard())
                .param("hold", due.id())
                .query(String.class)
                .single();
    }
}
