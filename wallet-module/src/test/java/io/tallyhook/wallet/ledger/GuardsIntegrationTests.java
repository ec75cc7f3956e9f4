package io.tallyhook.wallet.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Paging;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import tallyhook.testing.FreshDatabase;

/** What the database refuses by itself, to the owner of the tables and to the role that the application runs as. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuardsIntegrationTests {

    private static final String RUNTIME = "tallyhook_runtime_of_guards";
    private static final String JOURNAL = """
            INSERT INTO wallet.journal (acct_date, shard, journal_id, kind, request_key, reference, event_at, booked_at)
            VALUES (current_date, 7, %d, 'RECHARGE', 'K', 'R', now(), now())""";
    private static final String LINES = """
            INSERT INTO wallet.posting (acct_date, shard, journal_id, line, account_id, amount)
            VALUES (current_date, 7, %d, 1, 1, %d), (current_date, 7, %d, 2, 1, %d)""";

    private Connection connection;

    GuardsIntegrationTests() throws SQLException {
        var url = FreshDatabase.create();
        connection = DriverManager.getConnection(url, "postgres", "postgres");
        execute("DO $$ BEGIN CREATE ROLE " + RUNTIME + "; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        Flyway.configure()
                .dataSource(url, "postgres", "postgres")
                .locations("classpath:db/migration/wallet")
                .placeholders(Map.of("runtimeRole", RUNTIME))
                .load()
                .migrate();
    }

    @BeforeAll
    void bookAJournal() throws SQLException {
        connection.setAutoCommit(false);
        execute(JOURNAL.formatted(1));
        execute(LINES.formatted(1, 100, 1, -100));
        execute("""
                INSERT INTO wallet.request (shard, kind, request_key, sha256, journal_id)
                VALUES (7, 'RECHARGE', 'K', sha256('K'), 1)""");
        connection.commit();
    }

    @BeforeEach
    void begin() throws SQLException {
        connection.setAutoCommit(false);
    }

    @AfterEach
    void undo() throws SQLException {
        connection.rollback();
    }

    @AfterAll
    void close() throws SQLException {
        connection.close();
    }

    @Test
    void linesThatDoNotAddUpToZeroAreRefused() throws SQLException {
        execute(JOURNAL.formatted(2));
        refused("LG002", LINES.formatted(2, 100, 2, -99));
    }

    @Test
    void oneUnbalancedJournalAmongGoodOnesIsRefused() throws SQLException {
        execute(JOURNAL.formatted(2));
        execute(JOURNAL.formatted(3));
        refused("LG002", """
                INSERT INTO wallet.posting (acct_date, shard, journal_id, line, account_id, amount)
                VALUES (current_date, 7, 2, 1, 1, 5), (current_date, 7, 2, 2, 1, -5),
                       (current_date, 7, 3, 1, 1, 5), (current_date, 7, 3, 2, 1, -6)""");
    }

    @Test
    void twoJournalsThatBalanceOnlyTogetherAreRefused() throws SQLException {
        execute(JOURNAL.formatted(2));
        execute(JOURNAL.formatted(3));
        refused("LG002", """
                INSERT INTO wallet.posting (acct_date, shard, journal_id, line, account_id, amount)
                VALUES (current_date, 7, 2, 1, 1, 5), (current_date, 7, 3, 2, 1, -5)""");
    }

    @Test
    void linesCannotBeAddedToAnOlderJournal() {
        refused("LG007", """
                INSERT INTO wallet.posting (acct_date, shard, journal_id, line, account_id, amount)
                VALUES (current_date, 7, 1, 3, 1, 5), (current_date, 7, 1, 4, 1, -5)""");
    }

    @Test
    void linesWithoutAJournalAreRefused() {
        refused("LG007", LINES.formatted(9, 100, 9, -100));
    }

    @Test
    void aLineCannotPretendToBeOfAnotherTransaction() throws SQLException {
        execute(JOURNAL.formatted(2));
        refused("LG007", """
                INSERT INTO wallet.posting (acct_date, shard, journal_id, line, account_id, amount, xid)
                VALUES (current_date, 7, 2, 1, 1, 5, 3), (current_date, 7, 2, 2, 1, -5, 3)""");
    }

    @Test
    void theLedgerIsNotWrittenAtAnotherIsolation() throws SQLException {
        execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        execute(JOURNAL.formatted(2));
        refused("LG006", LINES.formatted(2, 100, 2, -100));
    }

    @Test
    void aLineOfNothingIsRefused() throws SQLException {
        execute(JOURNAL.formatted(2));
        refused("23514", LINES.formatted(2, 0, 2, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE wallet.posting SET amount = amount * 2",
                "DELETE FROM wallet.posting",
                "TRUNCATE wallet.posting",
                "UPDATE wallet.journal SET reference = 'X'",
                "DELETE FROM wallet.journal",
                "TRUNCATE wallet.journal",
                "UPDATE wallet.request SET journal_id = 9",
                "DELETE FROM wallet.request",
                "TRUNCATE wallet.request"
            })
    void whatIsBookedStays(String change) throws SQLException {
        refused("LG001", change);
        // Also for a replication session, which ordinary triggers are silent in.
        execute("SET LOCAL session_replication_role = replica");
        refused("LG001", change);
        // And the role of the application has no right to try.
        execute("SET LOCAL ROLE " + RUNTIME);
        refused("42501", change);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM wallet.account_balance",
                "DELETE FROM wallet.wallet_lot",
                "UPDATE wallet.wallet_lot SET principal = 1",
                "UPDATE wallet.account SET gl_code = '1002.01'",
                "INSERT INTO wallet.gl_account VALUES ('9999.01', 'Mine', 'ASSET', 'DEBIT', 'APPENDED', 'PLATFORM')",
                "UPDATE wallet.recharge SET amount = 1",
                "DELETE FROM wallet.recharge",
                "ALTER TABLE wallet.posting DISABLE TRIGGER ALL",
                "DROP TABLE wallet.posting"
            })
    void theApplicationMayNot(String change) throws SQLException {
        execute("SET LOCAL ROLE " + RUNTIME);
        refused("42501", change);
    }

    @Test
    void theApplicationMayBookReadAndProve() throws SQLException {
        execute("SET LOCAL ROLE " + RUNTIME);
        var jdbc = JdbcClient.create(new SingleConnectionDataSource(connection, true));
        var user = Credits.newUser();

        new Ledger(jdbc, Clock.systemUTC()).credit(List.of(Credits.aCredit(Credits.newKey(), user, 100, 10)));

        assertThat(new Statements(jdbc).balance(user).principal()).isEqualTo(Money.fen(100));
        assertThat(new Statements(jdbc).entries(user, Paging.of(null, null)).items())
                .hasSize(2);
        assertThat(new TrialBalances(jdbc, Clock.systemUTC()).now()).isNotEmpty();
        assertThat(new ProofOfLedger(jdbc, Clock.systemUTC()).check().invariants())
                .hasSize(15);
    }

    @Test
    void noBalanceFallsBelowZero() throws SQLException {
        execute("""
                INSERT INTO wallet.account_balance (shard, account_id, owner_id, gl_code, normal, credit)
                VALUES (0, (SELECT min(account_id) FROM wallet.account), 0, '1002.01', 'CREDIT', 100)""");
        var next = "UPDATE wallet.account_balance SET debit = %d, seq = seq + 1, booked_at = clock_timestamp()";
        execute(next.formatted(100));
        refused("23514", next.formatted(101));
    }

    private void refused(String sqlState, String sql) {
        try {
            var before = connection.setSavepoint();
            assertThatThrownBy(() -> execute(sql))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(sqlState));
            connection.rollback(before);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
