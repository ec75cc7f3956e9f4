package io.tallyhook.wallet.audit;

import io.tallyhook.wallet.audit.Stop.Resumption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Shards that take no postings: the trigger on postings reads the same rows. */
@Repository
class Stops {

    private final JdbcClient jdbc;
    private final Clock clock;

    Stops(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Stops the shard of a fault, unless it is stopped. @return whether it was not */
    boolean stop(Fault fault) {
        return jdbc.sql("""
                        INSERT INTO wallet.stop (shard, invariant, subject, fault, stopped_at)
                        VALUES (:shard, :invariant, :subject, :fault, :now)
                        ON CONFLICT (shard) WHERE resumed_at IS NULL DO NOTHING
                        """)
                        .param("shard", fault.shard())
                        .param("invariant", fault.invariant())
                        .param("subject", fault.subject())
                        .param("fault", fault.sentence())
                        .param("now", Timestamp.from(BooksTime.now(clock)))
                        .update()
                == 1;
    }

    /** @return whether it stood until now */
    boolean resume(long stopId, String person, String note) {
        return jdbc.sql("""
                        UPDATE wallet.stop SET resumed_at = :now, resumed_by = :person, note = :note
                        WHERE stop_id = :stopId AND resumed_at IS NULL
                        """)
                        .param("now", Timestamp.from(BooksTime.now(clock)))
                        .param("person", person)
                        .param("note", note)
                        .param("stopId", stopId)
                        .update()
                == 1;
    }

    /** Those that stand, oldest first. */
    List<Stop> standing() {
        return jdbc.sql("SELECT * FROM wallet.stop WHERE resumed_at IS NULL ORDER BY stop_id")
                .query(Stops::row)
                .list();
    }

    /** Those that people ended, newest first. */
    List<Stop> ended(int limit) {
        return jdbc.sql("SELECT * FROM wallet.stop WHERE resumed_at IS NOT NULL ORDER BY resumed_at DESC LIMIT :limit")
                .param("limit", limit)
                .query(Stops::row)
                .list();
    }

    Optional<Stop> find(long stopId) {
        return jdbc.sql("SELECT * FROM wallet.stop WHERE stop_id = :stopId")
                .param("stopId", stopId)
                .query(Stops::row)
                .optional();
    }

    private static Stop row(ResultSet row, int number) throws SQLException {
        var resumedAt = row.getTimestamp("resumed_at");
        return new Stop(
                row.getLong("stop_id"),
                row.getInt("shard"),
                row.getString("invariant"),
                row.getString("subject"),
                row.getString("fault"),
                row.getTimestamp("stopped_at").toInstant(),
                resumedAt == null
                        ? Optional.empty()
                        : Optional.of(new Resumption(
                                resumedAt.toInstant(), row.getString("resumed_by"), row.getString("note"))));
    }
}
