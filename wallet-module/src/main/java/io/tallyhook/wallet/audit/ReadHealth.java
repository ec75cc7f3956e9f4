package io.tallyhook.wallet.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Asks the database how well the ledger's machinery keeps up; cheap enough for every page. */
@Repository
class ReadHealth {

    private final JdbcClient jdbc;
    private final Clock clock;

    ReadHealth(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    Health now() {
        return jdbc.sql("""
                        SELECT (SELECT count(*) FROM wallet.stop WHERE resumed_at IS NULL) AS stopped,
                               (SELECT coalesce(bool_and(holds), true)
                                FROM ((SELECT holds FROM wallet.proof_run ORDER BY run_id DESC LIMIT 1)
                                      UNION ALL
                                      (SELECT holds FROM wallet.proof_run WHERE full_check ORDER BY run_id DESC LIMIT 1)) last)
                                 AS holds,
                               (SELECT min(asked_at) FROM wallet.request
                                WHERE xid >= (SELECT coalesce(max(upto_xid), 0) FROM wallet.block)) AS unsealed_since,
                               (SELECT min(booked_at) FROM wallet.journal
                                WHERE xid >= (SELECT upto_xid FROM wallet.rolled_up)) AS unrolled_since,
                               (SELECT finished_at FROM wallet.proof_run WHERE full_check ORDER BY run_id DESC LIMIT 1)
                                 AS full_at,
                               to_regclass('wallet.posting_' || to_char(:next::date, 'YYYY_MM')) IS NOT NULL AS ready
                        """)
                .param("next", BooksTime.thisMonth(clock).plusMonths(1).atDay(1).toString())
                .query(this::health)
                .single();
    }

    private Health health(ResultSet row, int number) throws SQLException {
        return new Health(
                row.getLong("stopped"),
                row.getBoolean("holds"),
                since(row.getTimestamp("unsealed_since")),
                since(row.getTimestamp("unrolled_since")),
                Optional.ofNullable(row.getTimestamp("full_at")).map(Timestamp::toInstant),
                row.getBoolean("ready"));
    }

    /** The database's clock may be ahead of ours. */
    private Duration since(@Nullable Timestamp oldest) {
        var lag = oldest == null ? Duration.ZERO : Duration.between(oldest.toInstant(), clock.instant());
        return lag.isNegative() ? Duration.ZERO : lag;
    }
}
