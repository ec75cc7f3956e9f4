package io.tallyhook.wallet.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.UserId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Every trigger and every constraint of the tables of money refuses something that nothing else refuses. So it is dropped in
 * turn, and then that must be possible, or be refused by another: a guard that nobody would miss is a failing test.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuardsOfTablesIntegrationTests {

    private static final List<String> TABLES = List.of(
            "owner",
            "account",
            "account_balance",
            "request",
            "journal",
            "posting",
            "wallet_lot",
            "lot_use",
            "hold",
            "accounting_period",
            "stop",
            "block",
            "daily_total",
            "rolled_up",
            "adjustment",
            "export_log");

    /** Follows from what is left being between zero and it. */
    private static final List<String> IMPLIED = List.of("wallet_lot_principal_check");

    private final LedgerDatabase database = LedgerDatabase.freshAndHasty();
    private final Connection connection = prepared();

    private Connection prepared() {
        var user = new UserId("guarded");
        var teller =
                new Teller(database.connect(), new StoppedClock(Instant.now().truncatedTo(ChronoUnit.SECONDS)));
        teller.recharge("R1", user, 100, 20, 30);
        teller.spend("S1", user, 12, "GOODS");
        teller.hold("H1", user, 60, Duration.ofDays(1));
        teller.capture("C1", user, "H1", 30L, "GOODS");
        teller.adjust(Teller.adjustmentNo("1"), user, "GRANT_BONUS", 5, null, null);
        teller.propose(Teller.adjustmentNo("2"), user, "GRANT_BONUS", 5);
        database.execute(
                "INSERT INTO wallet.accounting_period (month, state, closing_by, closing_at) VALUES ('2020-01-01', 'CLOSING', 'x', now())");
        database.execute(
                "INSERT INTO wallet.stop (shard, invariant, subject, fault, stopped_at) VALUES (1000, 'I1', 'x', 'x', now())");
        database.execute("""
                INSERT INTO wallet.recharge (recharge_no, user_id, shard, amount, bonus, currency, created_at)
                VALUES ('R00000000000000000000000001', 'guarded', 1, 100, 0, 'CNY', now());
                UPDATE wallet.recharge SET state = 'CANCELLED'""");
        database.execute(
                "INSERT INTO wallet.recharge_refund (out_trade_no, refund_no, way, recharge_no, amount, shortfall, taken_at)"
                        + " VALUES ('P1', 'X1', 'ASKED', 'R00000000000000000000000001', 100, 0, now())");
        database.execute(
                "INSERT INTO wallet.export_log (what, filter, format, exported_by, started_at, finished_at, rows, sha256)"
                        + " VALUES ('holds', '', 'CSV', 'x', now(), now(), 1, sha256(''))");
        teller.rollUp();
        teller.seal();
        return teller.connection();
    }

    @AfterAll
    void close() throws SQLException {
        connection.close();
        database.drop();
    }

    @TestFactory
    Stream<DynamicTest> everyTriggerIsMissed() throws SQLException {
        return triggers().stream()
                .map(trigger -> DynamicTest.dynamicTest(trigger.name() + " of " + trigger.table(), () -> {
                    assertThat(trigger.forbidden())
                            .as("what is known to be refused by it alone")
                            .isNotEmpty();
                    for (var forbidden : trigger.forbidden()) {
                        assertRefused(forbidden);
                        assertNotRefused(forbidden, trigger.dropped());
                        if (trigger.always()) {
                            assertRefused(forbidden, "SET LOCAL session_replication_role = replica");
                        }
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> everyConstraintIsMissed() throws SQLException {
        return constraints().stream()
                .map(constraint -> DynamicTest.dynamicTest(constraint.name() + " of " + constraint.table(), () -> {
                    var forbidden = ForbiddenRows.of(constraint.table(), constraint.name());
                    assertRefused(forbidden, withoutTriggers(constraint.table()));
                    assertNotRefused(forbidden, withoutTriggers(constraint.table()), constraint.dropped());
                }));
    }

    @Test
    void everyPartitionIsGuardedLikeItsParent() throws SQLException {
        var partitions = lines(
                "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent IN ('wallet.journal'::regclass, 'wallet.posting'::regclass)");
        assertThat(partitions).hasSizeGreaterThan(10);
        for (var partition : partitions) {
            var expected = partition.contains("posting")
                    ? List.of("posting_balances A", "posting_frozen A", "posting_not_emptied A")
                    : List.of("journal_frozen A", "journal_not_emptied A");
            assertThat(lines(
                            "SELECT tgname || ' ' || tgenabled::text FROM pg_trigger WHERE tgrelid = '%s'::regclass ORDER BY 1"
                                    .formatted(partition)))
                    .as(partition)
                    .isEqualTo(expected);
        }
    }

    private record Trigger(String name, String table, boolean always) {

        List<Forbidden> forbidden() {
            var partitioned = table.replaceFirst("_\\d{4}_\\d{2}$", "");
            return Forbidden.BY_TRIGGERS.stream()
                    .filter(forbidden ->
                            forbidden.guard().equals(name) && forbidden.table().equals(partitioned))
                    .map(forbidden -> partitioned.equals(table) ? forbidden : forbidden.ofPartition(table))
                    .toList();
        }

        String dropped() {
            return "DROP TRIGGER %s ON wallet.%s".formatted(name, table);
        }
    }

    private record Constraint(String name, String table, boolean isIndex) {

        /** A partition has checks of its own, which do not go with those of the parent. */
        String dropped() {
            return isIndex ? "DROP INDEX wallet." + name : """
                      DO $$ DECLARE t regclass; BEGIN
                        FOR t IN SELECT 'wallet.%2$s'::regclass UNION ALL SELECT inhrelid FROM pg_inherits WHERE inhparent = 'wallet.%2$s'::regclass AND inhrelid::regclass::text NOT LIKE '%%idx' LOOP
                          EXECUTE format('ALTER TABLE %%s DROP CONSTRAINT IF EXISTS %1$s CASCADE', t);
                        END LOOP; END $$""".formatted(name, table);
        }
    }

    /** Those of the parents, and of the first partition of each those that it has of its own. */
    private List<Trigger> triggers() throws SQLException {
        var first = lines(
                        "SELECT min(inhrelid::regclass::text) FROM pg_inherits WHERE inhparent = 'wallet.posting'::regclass")
                .getFirst();
        return lines("""
                SELECT tgname || ' ' || relname || ' ' || tgenabled::text
                FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid
                WHERE relnamespace = 'wallet'::regnamespace AND NOT tgisinternal AND tgparentid = 0
                  AND (relname !~ '_[0-9]{4}_[0-9]{2}$' OR relname LIKE '%%' || right('%s', 8)) ORDER BY 1
                """.formatted(first)).stream()
                .map(line -> line.split(" "))
                .map(parts -> new Trigger(parts[0], parts[1], parts[2].equals("A")))
                .toList();
    }

    private List<Constraint> constraints() throws SQLException {
        var tables = String.join("', '", TABLES);
        return lines("""
                SELECT conname || ' ' || relname || ' ' || false FROM pg_constraint JOIN pg_class c ON c.oid = conrelid
                WHERE relnamespace = 'wallet'::regnamespace AND relname IN ('%1$s') AND contype IN ('c', 'u', 'p', 'f')
                UNION ALL
                SELECT i.relname || ' ' || t.relname || ' ' || true
                FROM pg_index x JOIN pg_class i ON i.oid = indexrelid JOIN pg_class t ON t.oid = indrelid
                WHERE t.relnamespace = 'wallet'::regnamespace AND t.relname IN ('%1$s') AND indisunique
                  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid) ORDER BY 1
                """.formatted(tables)).stream()
                .map(line -> line.split(" "))
                .map(parts -> new Constraint(parts[0], parts[1], Boolean.parseBoolean(parts[2])))
                .filter(constraint -> !IMPLIED.contains(constraint.name()))
                .toList();
    }

    private static String withoutTriggers(String table) {
        return "ALTER TABLE wallet.%s DISABLE TRIGGER USER".formatted(table);
    }

    private void assertRefused(Forbidden forbidden, String... preparations) throws SQLException {
        assertThat(answer(forbidden, preparations))
                .as(forbidden.sql())
                .matches(forbidden::isMeantBy, "refused by " + forbidden.by());
    }

    /** Another guard may still refuse it, but not with these words. */
    private void assertNotRefused(Forbidden forbidden, String... preparations) throws SQLException {
        assertThat(answer(forbidden, preparations))
                .as("without the guard: %s", forbidden.sql())
                .matches(said -> !forbidden.isMeantBy(said), "not refused by " + forbidden.by());
    }

    /** What is said to it after these preparations. Everything is undone. */
    private String answer(Forbidden forbidden, String... preparations) throws SQLException {
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            for (var preparation : preparations) {
                statement.execute(preparation);
            }
            return forbidden.refusedBy(connection).orElse("done");
        } finally {
            connection.rollback();
        }
    }

    private List<String> lines(String sql) throws SQLException {
        var lines = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
        }
        return lines;
    }
}
