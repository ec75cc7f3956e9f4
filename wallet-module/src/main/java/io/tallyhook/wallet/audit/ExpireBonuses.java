package io.tallyhook.wallet.audit;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Books the end of bonuses whose time has come. Nobody could spend them any more, booked or not. */
@Component
class ExpireBonuses extends DueWork {

    private final JdbcClient jdbc;
    private final AuditSettings settings;

    ExpireBonuses(JdbcClient jdbc, Transactions transactions, AuditSettings settings, Clock clock) {
        super(jdbc, transactions, settings, clock);
        this.jdbc = jdbc;
        this.settings = settings;
    }

    @Override
    public String name() {
        return "expiry";
    }

    @Override
    public Instant dueAfter(Instant now) {
        return now.plus(settings.expiryEvery());
    }

    @Override
    String selectDue() {
        return """
                SELECT l.shard, l.lot_id AS id, l.expires_at AS at
                FROM wallet.wallet_lot l
                WHERE l.expiring AND l.expires_at <= :now
                  AND (l.expires_at, l.lot_id) > (:at, :id)
                  AND l.shard NOT IN (SELECT shard FROM wallet.stop WHERE resumed_at IS NULL)
                ORDER BY l.expires_at, l.lot_id LIMIT :batch
                """;
    }

    @Override
    void book(Due due, Timestamp now) {
        jdbc.sql("SELECT wallet.expire(:shard::smallint, :lot, :now)")
                .param("shard", due.shard())
                .param("lot", due.id())
                .param("now", now)
                .query(Long.class)
                .single();
    }
}
