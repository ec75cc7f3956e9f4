package io.tallyhook.wallet.audit.verify;

import io.tallyhook.wallet.audit.verify.ChainWalk.Walked;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Consumer;

/** Verifies a ledger over one connection, in one snapshot, without changing anything. */
final class Verification {

    private final Connection connection;
    private final Optional<ExpectedHead> expected;
    private final Consumer<String> progress;
    private final Findings findings = new Findings();

    Verification(Connection connection, Optional<ExpectedHead> expected, Consumer<String> progress) {
        this.connection = connection;
        this.expected = expected;
        this.progress = progress;
    }

    /** In a transaction of its own. */
    Report run() throws SQLException {
        connection.setAutoCommit(false);
        try {
            execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            return inThisTransaction();
        } finally {
            connection.rollback();
        }
    }

    /** In the transaction that the connection is in. */
    Report inThisTransaction() throws SQLException {
        // Nothing that lies in another schema may stand in for what is built in.
        execute("SET LOCAL search_path = pg_catalog");
        connection.setNetworkTimeout(Runnable::run, 0);
        execute("SET LOCAL statement_timeout = 0");
        execute("SET LOCAL jit = off");
        execute("SET LOCAL idle_in_transaction_session_timeout = 0");
        long horizon = number("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint");
        long guards = new Guards(connection).check(findings);
        long functions = new GuardTexts(connection, Migrations.ofThisVersion()).check(findings);
        progress.accept("the guards are checked");
        var walked = new ChainWalk(connection, findings, expected, progress).walk(horizon);
        seenBefore(walked);
        progress.accept("the chain is walked, the views are asked");
        var invariants = new Views(connection, progress).check(findings);
        return new Report(
                walked,
                guards,
                functions,
                expected.map(ExpectedHead::sha256),
                invariants,
                findings.all(),
                findings.kept());
    }

    /** Blocks that were taken from the end leave no gap, but checks and closed months remember them. */
    private void seenBefore(Walked walked) throws SQLException {
        long seen = number("""
                SELECT greatest((SELECT coalesce(max(block_no), 0) FROM wallet.proof_run),
                                (SELECT coalesce(max(block_no), 0) FROM wallet.accounting_period))
                """);
        if (seen > walked.blocks()) {
            findings.add(Finding.ofBlock("block-missing", seen, "was there before, and the chain ends without it"));
        }
    }

    private void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long number(String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
