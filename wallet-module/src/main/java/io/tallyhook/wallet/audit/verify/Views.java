package io.tallyhook.wallet.audit.verify;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The second part: what the database's own views say. Whoever could change rows could have changed them too. */
final class Views {

    private static final int FAULTS_TOLD = 50;

    private final Connection connection;

    Views(Connection connection) {
        this.connection = connection;
    }

    /** One invariant, as the view says it. */
    record Invariant(String name, long checked, long violations) {}

    List<Invariant> check(Findings findings) throws SQLException {
        var invariants = new ArrayList<Invariant>();
        try (var statement = connection.createStatement()) {
            // Somebody could have limited the views for a role or the whole database.
            statement.execute("SELECT set_config('tallyhook.since_xid', '0', true)");
            try (var rows =
                    statement.executeQuery("SELECT name, checked, violations FROM wallet.proof ORDER BY position")) {
                while (rows.next()) {
                    invariants.add(new Invariant(rows.getString(1), rows.getLong(2), rows.getLong(3)));
                }
            }
        }
        long violations = invariants.stream().mapToLong(Invariant::violations).sum();
        if (violations > 0) {
            findings.count(violations - faults(findings));
        }
        return invariants;
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
