package io.tallyhook.wallet.audit;

import io.tallyhook.wallet.Proof;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Asks the views which invariants are broken, one after the other, in one snapshot. */
@Repository
class Invariants {

    /** A damaged ledger may have millions of faults; these are enough to stop every shard and to begin to look. */
    private static final int FAULTS_OF_A_SHARD = 3;

    private static final int FAULTS_WITHOUT_SHARD = 100;

    /** Zero would be no bound at all. */
    private static final Duration SHORTEST = Duration.ofMillis(1);

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

    /** Whether more than so many bookings were asked for by transactions from this number on. Reads no more of them than that. */
    boolean moreWasBooked(long most, long sinceXid, Duration within) {
        return transactions.snapshot(within, () -> {
            // They lie at the end of the table, which the planner would read from the beginning.
            jdbc.sql("SET LOCAL enable_seqscan = off").update();
            return jdbc.sql("""
                                    SELECT count(*) > :most
                                    FROM (SELECT FROM wallet.request WHERE xid >= :since LIMIT :enough) booked
                                    """)
                    .param("most", most)
                    .param("since", sinceXid)
                    .param("enough", most + 1)
                    .query(Boolean.class)
                    .single();
        });
    }

    /**
     * @param sinceXid checks what transactions from this number on have moved; 0: everything
     * @param within all of it must be checked, or it fails
     */
    Finding check(long sinceXid, Duration within, Progress progress) {
        var startedAt = BooksTime.now(clock);
        return transactions.snapshot(within, () -> {
            since(sinceXid);
            var horizon = jdbc.sql("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
                    .query(Long.class)
                    .single();
            var invariants = ask(within, progress);
            var head = chain.head();
            var run = new ProofRun(
                    sinceXid == 0, sinceXid, horizon, startedAt, BooksTime.now(clock), invariants, head.block());
            if (run.holds()) {
                return new Finding(run, List.of(), head);
            }
            transactions.bound(within);
            return new Finding(run, faults(invariants), head);
        });
    }

    private List<Proof.Invariant> ask(Duration within, Progress progress) {
        long begin = System.nanoTime();
        var all = jdbc.sql("SELECT position, name FROM wallet.proof ORDER BY position")
                .query((row, number) -> new Position(row.getInt("position"), row.getString("name")))
                .list();
        var answers = new ArrayList<Proof.Invariant>();
        for (var one : all) {
            progress.at(answers.size() + 1, all.size(), one.name());
            transactions.bound(left(within, begin));
            answers.add(jdbc.sql("SELECT name, checked, violations FROM wallet.proof WHERE position = " + one.number())
                    .query(Invariants::invariant)
                    .single());
        }
        return answers;
    }

    private record Position(int number, String name) {}

    private static Duration left(Duration within, long begin) {
        if (within.isZero()) {
            return Transactions.UNBOUNDED;
        }
        var left = within.minusNanos(System.nanoTime() - begin);
        return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
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

    /** Where everything is read, nothing is looked up row by row, however few rows the planner expects. */
    private void since(long xid) {
        jdbc.sql("SELECT set_config('tallyhook.since_xid', :xid, true), set_config('enable_nestloop', :lookUp, true)")
                .param("xid", String.valueOf(xid))
                .param("lookUp", xid == 0 ? "off" : "on")
                .query((row, number) -> row.getString(1))
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
