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
        if (invariants.stream().anyMatch(invariant -> invariant.violations() > 0)) {
            faults(findings);
        }
        return invariants;
    }

    private void faults(Findings findings) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT name, shard, subject, fault FROM wallet.fault ORDER BY name LIMIT " + FAULTS_TOLD)) {
            while (rows.next()) {
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
    }
}
