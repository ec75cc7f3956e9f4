package io.tallyhook.wallet.audit;

import io.tallyhook.wallet.Proof;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Asks the views which invariants are broken, in one snapshot. */
@Repository
class Invariants {

    /** A damaged ledger may have millions of faults; these are enough to stop every shard and to begin to look. */
    private static final int FAULTS_OF_A_SHARD = 3;

    private static final int FAULTS_WITHOUT_SHARD = 100;

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final Chain chain;
    private final Clock clock;

    Invariants(JdbcClient jdbc, Transactions transactions, Chain chain, Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.chain = chain;
        this.clock = clock;
    }

    /** What was found, with the head of the chain in that moment. */
    record Finding(ProofRun run, List<Fault> faults, ChainHead head) {}

    /** @param sinceXid checks what transactions from this number on have moved; 0: everything */
    Finding check(long sinceXid, Duration within) {
        var startedAt = BooksTime.now(clock);
        return transactions.snapshot(within, () -> {
            since(sinceXid);
            var horizon = jdbc.sql("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
                    .query(Long.class)
                    .single();
            var invariants = jdbc.sql("SELECT name, checked, violations FROM wallet.proof ORDER BY position")
                    .query(Invariants::invariant)
                    .list();
            var head = chain.head();
            var run = new ProofRun(
                    sinceXid == 0, sinceXid, horizon, startedAt, BooksTime.now(clock), invariants, head.block());
            return new Finding(run, run.holds() ? List.of() : faults(invariants), head);
        });
    }

    /** A fault of this shard, over all its time. */
    Optional<Fault> faultOf(int shard) {
        return transactions.snapshot(
                Transactions.UNBOUNDED,
                () -> jdbc.sql("""
                        SELECT name, shard, subject, fault FROM wallet.fault WHERE shard = :shard LIMIT 1
                        """)
                        .param("shard", shard)
                        .query(Invariants::fault)
                        .optional());
    }

    private void since(long xid) {
        jdbc.sql("SELECT set_config('tallyhook.since_xid', :xid, true)")
                .param("xid", String.valueOf(xid))
                .query(String.class)
                .single();
    }

    private List<Fault> faults(List<Proof.Invariant> invariants) {
        return jdbc.sql("""
                        SELECT name, shard, subject, fault
                        FROM (SELECT f.*, row_number() OVER (PARTITION BY f.shard ORDER BY f.name, f.subject) AS nth
                              FROM wallet.fault f WHERE f.name IN (:broken)) found
                        WHERE nth <= CASE WHEN shard IS NULL THEN :ofNone ELSE :ofShard END
                        ORDER BY shard NULLS FIRST, nth
                        """)
                .param(
                        "broken",
                        invariants.stream()
                                .filter(invariant -> !invariant.holds())
                                .map(Proof.Invariant::name)
                                .toList())
                .param("ofNone", FAULTS_WITHOUT_SHARD)
                .param("ofShard", FAULTS_OF_A_SHARD)
                .query(Invariants::fault)
                .list();
    }

    private static Proof.Invariant invariant(ResultSet row, int number) throws SQLException {
        long violations = row.getLong("violations");
        return new Proof.Invariant(row.getString("name"), violations == 0, row.getLong("checked"), violations);
    }

    private static Fault fault(ResultSet row, int number) throws SQLException {
        return new Fault(
                row.getString("name"),
                row.getObject("shard", Integer.class),
                row.getString("subject"),
                row.getString("fault"));
    }
}
