package io.tallyhook.wallet.audit.verify;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The second part: what the database's own views say. Whoever could change rows could have changed them too. */
final class Views {

    private static final int FAULTS_TOLD = 50;

    private final Connection connection;
    private final Consumer<String> progress;

    Views(Connection connection, Consumer<String> progress) {
        this.connection = connection;
        this.progress = progress;
    }

    /** One invariant, as the view says it. */
    record Invariant(String name, long checked, long violations) {}

    List<Invariant> check(Findings findings) throws SQLException {
        var invariants = new ArrayList<Invariant>();
        try (var statement = connection.createStatement()) {
            // Somebody could have limited the views for a role or the whole database.
            statement.execute("SELECT set_config('tallyhook.since_xid', '0', true)");
            // Everything is read through; nothing is looked up row by row.
            statement.execute("SET LOCAL enable_nestloop = off");
            statement.execute("SET LOCAL work_mem = '64MB'");
            for (var position : positions(statement)) {
                try (var row = statement.executeQuery(
                        "SELECT name, checked, violations FROM wallet.proof WHERE position = " + position)) {
                    row.next();
                    invariants.add(new Invariant(row.getString(1), row.getLong(2), row.getLong(3)));
                }
                progress.accept("%s is checked".formatted(invariants.getLast().name()));
            }
        }
        long violations = invariants.stream().mapToLong(Invariant::violations).sum();
        if (violations > 0) {
            findings.count(violations - faults(findings));
        }
        return invariants;
    }

    private static List<Integer> positions(Statement statement) throws SQLException {
        var positions = new ArrayList<Integer>();
        try (var rows = statement.executeQuery("SELECT position FROM wallet.proof ORDER BY position")) {
            while (rows.next()) {
                positions.add(rows.getInt(1));
            }
        }
        return positions;
    }

    /** @return how many were told of */
    private long faults(Findings findings) throws SQLException {
        long told = 0;
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT name, shard, subject, fault FROM wallet.fault ORDER BY name LIMIT " + FAULTS_TOLD)) {
            while (rows.next()) {
                told++;
                findings.add(new Finding(
                        "invariant-broken",
                        null,
                        null,
                        rows.getObject("shard", Integer.class),
                        "%s: %s %s"
                                .formatted(
                                        rows.getString("name"), rows.getString("subject"), rows.getString("fault"))));
            }
        }
        return told;
    }
}
