package io.tallyhook.wallet.audit;

import io.tallyhook.wallet.Proof;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** The checks that were made. They are kept for ever. */
@Repository
class ProofRuns {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final JdbcClient jdbc;

    ProofRuns(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void keep(ProofRun run) {
        jdbc.sql("""
                        INSERT INTO wallet.proof_run
                          (full_check, since_xid, horizon_xid, started_at, finished_at, holds, invariants, block_no)
                        VALUES (:full, :since, :horizon, :startedAt, :finishedAt, :holds, :invariants::jsonb, :block)
                        """)
                .param("full", run.full())
                .param("since", run.sinceXid())
                .param("horizon", run.horizonXid())
                .param("startedAt", Timestamp.from(run.startedAt()))
                .param("finishedAt", Timestamp.from(run.finishedAt()))
                .param("holds", run.holds())
                .param("invariants", JSON.writeValueAsString(run.invariants()))
                .param("block", run.block())
                .update();
    }

    /** Newest first. */
    List<ProofRun> last(int limit) {
        return jdbc.sql("SELECT * FROM wallet.proof_run ORDER BY run_id DESC LIMIT :limit")
                .param("limit", limit)
                .query(ProofRuns::run)
                .list();
    }

    Optional<ProofRun> lastFull() {
        return lastFull("");
    }

    /** The one that a check of what was moved since can rest on. */
    Optional<ProofRun> lastFullThatHeld() {
        return lastFull("AND holds");
    }

    private Optional<ProofRun> lastFull(String which) {
        return jdbc.sql("SELECT * FROM wallet.proof_run WHERE full_check %s ORDER BY run_id DESC LIMIT 1"
                        .formatted(which))
                .query(ProofRuns::run)
                .optional();
    }

    private static ProofRun run(ResultSet row, int number) throws SQLException {
        return new ProofRun(
                row.getBoolean("full_check"),
                row.getLong("since_xid"),
                row.getLong("horizon_xid"),
                row.getTimestamp("started_at").toInstant(),
                row.getTimestamp("finished_at").toInstant(),
                List.of(JSON.readValue(row.getString("invariants"), Proof.Invariant[].class)),
                row.getLong("block_no"));
    }
}
