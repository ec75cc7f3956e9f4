package io.tallyhook.wallet.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tallyhook.testing.FreshDatabase;
import tools.jackson.databind.json.JsonMapper;

/** The command as an auditor runs it: with a role that may read and nothing else, on a database of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VerifyLedgerIntegrationTests {

    private static final String AUDITOR = "auditor_of_tests";

    private static final OwnDatabase NONE = (settings, work) -> {
        throw new IllegalStateException("an auditor has none");
    };

    private final String url;
    private final Connection superuser;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream progress = new ByteArrayOutputStream();

    VerifyLedgerIntegrationTests() throws SQLException {
        url = FreshDatabase.create();
        superuser = DriverManager.getConnection(url, "postgres", "postgres");
        execute("DO $$ BEGIN CREATE ROLE " + AUDITOR
                + " LOGIN PASSWORD 'reads'; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        execute("GRANT pg_read_all_data TO " + AUDITOR);
        Flyway.configure()
                .dataSource(url, "postgres", "postgres")
                .locations("classpath:db/migration/wallet")
                .placeholders(Map.of("runtimeRole", "postgres"))
                .load()
                .migrate();
        grant("A1", 1000);
        execute("SELECT wallet.seal(now())");
        grant("A2", 2000);
        execute(
                "SELECT wallet.spend(9::smallint, 'u', 'S1', sha256('x'), 5, 'GOODS', 'O-17', 'PRO_RATA', now(), now())");
        execute("SELECT wallet.seal(now())");
        grant("A3", 1);
    }

    private void grant(String number, long amount) throws SQLException {
        var padded = "A%25s".formatted(number).replace(' ', '0');
        execute("""
                INSERT INTO wallet.adjustment (adjustment_no, kind, user_id, shard, amount, reason, proposed_by, proposed_at)
                VALUES ('%s', 'GRANT_PRINCIPAL', 'u', 9, %d, 'for a test', 'ada', now())""".formatted(padded + "0", amount));
        execute("SELECT wallet.approve('%s', sha256('x'), 'bob', 'fine', now())".formatted(padded + "0"));
    }

    @AfterAll
    void close() throws SQLException {
        superuser.close();
    }

    @Test
    void aWholeLedgerIsClean() {
        assertThat(verify()).isZero();

        assertThat(told())
                .contains("CLEAN: the ledger is what was booked.")
                .containsPattern("blocks +2\n")
                .containsPattern("journals +3\n")
                .containsPattern("not sealed yet +1\n")
                .containsPattern("I1-debits-equal-credits +holds, checked 8\n");
    }

    @Test
    void theAuditorsRoleCannotWrite() throws SQLException {
        try (var auditor = DriverManager.getConnection(url.replaceFirst("\\?.*", ""), AUDITOR, "reads");
                var statement = auditor.createStatement()) {
            assertThatThrownBy(() -> statement.execute("INSERT INTO wallet.stop (shard) VALUES (1)"))
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void aChangedBookingIsNamedAndTheCommandFails() throws SQLException {
        tampered("UPDATE wallet.journal SET reference = 'O-18' WHERE reference = 'O-17'", () -> {
            assertThat(verify()).isEqualTo(1);
            assertThat(told())
                    .containsPattern(
                            "Journal [0-9]+ \\(SPEND S1, reference O-18\\) of shard 9, block 2, was changed after it was sealed")
                    .contains("FAULTS.");
        });
    }

    @Test
    void aDatabaseWhoseOwnFunctionsLieIsNotBelieved() throws SQLException {
        execute("""
                CREATE OR REPLACE FUNCTION wallet.moment(p_at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$ SELECT '0' $$""");
        try {
            tampered("UPDATE wallet.posting SET amount = amount * 2 WHERE journal_id = 1", () -> {
                assertThat(verify()).isEqualTo(1);
                assertThat(told()).containsPattern("Journal 1 .* was changed after it was sealed");
            });
        } finally {
            execute("""
                    CREATE OR REPLACE FUNCTION wallet.moment(p_at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
                      SELECT CASE WHEN isfinite(p_at) THEN (extract(epoch FROM p_at) * 1000000)::numeric(30, 0)::text ELSE p_at::text END
                    $$""");
        }
        assertThat(verify()).isZero();
    }

    @Test
    void aHeadThatIsNotInTheChainIsAFault() {
        assertThat(verify("--expect-block=1", "--expect-head=" + "ab".repeat(32)))
                .isEqualTo(1);

        assertThat(told()).contains("head you kept                  NOT IN THE CHAIN", "The head that you kept, abab");
    }

    @Test
    void theHeadThatWasKeptIsConfirmed() throws SQLException {
        assertThat(verify("--expect-block=1", "--expect-head=" + head(1))).isZero();

        assertThat(told()).contains("head you kept                  is in the chain");
    }

    @Test
    void programsReadJson() {
        assertThat(verify("--json")).isZero();

        var report = JsonMapper.builder().build().readTree(told());
        assertThat(report.at("/faults").asLong()).isZero();
        assertThat(report.at("/chain/blocks").asLong()).isEqualTo(2);
        assertThat(report.at("/chain/head").asString()).matches("[0-9a-f]{64}");
        assertThat(report.at("/invariants")).hasSize(15);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--expct-head=00",
                "--expect-head=zz",
                "--expect-head",
                "--expect-block=1",
                "--expect-block=one",
                "-x"
            })
    void aMisspelledOptionDoesNotRunAtAll(String option) {
        assertThat(verify(option)).isEqualTo(2);

        assertThat(told()).isEmpty();
        assertThat(progress.toString(StandardCharsets.UTF_8)).contains("verify-ledger [--url=");
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsNoFaultOfTheLedger() {
        var code = new VerifyLedger(print(out), print(progress))
                .verify(NONE, "--url=jdbc:postgresql://localhost:1/nowhere?connectTimeout=2", "--username=x");

        assertThat(code).isEqualTo(2);
        assertThat(progress.toString(StandardCharsets.UTF_8)).contains("The ledger could not be verified");
    }

    @Test
    void aDatabaseWithoutALedgerIsNoCleanLedger() {
        var code = new VerifyLedger(print(out), print(progress)).verify(NONE, "--url=" + FreshDatabase.create());

        assertThat(code).isEqualTo(2);
        assertThat(progress.toString(StandardCharsets.UTF_8)).contains("There is no ledger in this database");
    }

    private interface Check {
        void run() throws SQLException;
    }

    /** Changes something as a superuser, with the guards switched off and on again; and changes it back by the same way. */
    private void tampered(String sql, Check check) throws SQLException {
        execute("CREATE TABLE public.kept_journal AS SELECT * FROM wallet.journal");
        execute("CREATE TABLE public.kept_posting AS SELECT * FROM wallet.posting");
        withoutGuards(List.of(sql));
        try {
            check.run();
        } finally {
            withoutGuards(List.of(
                    "DELETE FROM wallet.posting",
                    "DELETE FROM wallet.journal",
                    "INSERT INTO wallet.journal SELECT * FROM public.kept_journal",
                    "INSERT INTO wallet.posting SELECT * FROM public.kept_posting",
                    "DROP TABLE public.kept_journal, public.kept_posting"));
        }
    }

    private void withoutGuards(List<String> sql) throws SQLException {
        superuser.setAutoCommit(false);
        var guards = guards();
        for (var guard : guards) {
            execute(guard.formatted("DISABLE"));
        }
        for (var one : sql) {
            execute(one);
        }
        for (var guard : guards) {
            execute(guard.formatted("ENABLE ALWAYS"));
        }
        superuser.commit();
        superuser.setAutoCommit(true);
    }

    private List<String> guards() throws SQLException {
        var guards = new ArrayList<String>();
        try (var statement = superuser.createStatement();
                var rows = statement.executeQuery("""
                        SELECT 'ALTER TABLE wallet.' || c.relname || ' %s TRIGGER ' || t.tgname
                        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                        WHERE c.relnamespace = 'wallet'::regnamespace AND NOT t.tgisinternal AND t.tgenabled = 'A'
                          AND t.tgparentid = 0 AND (c.relname LIKE 'journal%' OR c.relname LIKE 'posting%')""")) {
            while (rows.next()) {
                guards.add(rows.getString(1));
            }
        }
        return guards;
    }

    private String head(long block) throws SQLException {
        try (var statement = superuser.createStatement();
                var row = statement.executeQuery(
                        "SELECT encode(sha256, 'hex') FROM wallet.block WHERE block_no = " + block)) {
            row.next();
            return row.getString(1);
        }
    }

    private int verify(String... options) {
        out.reset();
        progress.reset();
        var arguments = new ArrayList<>(
                List.of("--url=" + url.replaceFirst("\\?.*", ""), "--username=" + AUDITOR, "--password=reads"));
        arguments.addAll(List.of(options));
        return new VerifyLedger(print(out), print(progress)).verify(NONE, arguments.toArray(String[]::new));
    }

    private String told() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream print(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    private void execute(String sql) throws SQLException {
        try (var statement = superuser.createStatement()) {
            statement.execute(sql);
        }
    }
}
