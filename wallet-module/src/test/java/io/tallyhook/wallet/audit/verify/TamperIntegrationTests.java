package io.tallyhook.wallet.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.wallet.audit.AuditTest;
import io.tallyhook.wallet.audit.Customers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Somebody who may do everything changes what is sealed: it is found, and told which booking it was. Each change is made in a
 * transaction, verified in it, and undone.
 */
@AuditTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TamperIntegrationTests {

    private static final int CHANGES = 240;

    /** The column that a row's booking is found by, for each table that the chain covers. */
    private static final Map<String, String> NUMBER = Map.of(
            "request", "journal_id",
            "journal", "journal_id",
            "posting", "journal_id",
            "lot_use", "journal_id",
            "wallet_lot", "lot_id",
            "hold", "hold_id",
            "owner", "-owner_id",
            "account", "-owner_id");

    private final Customers customers;
    private final Connection connection;

    TamperIntegrationTests(Customers customers, DataSource database) throws SQLException {
        this.customers = customers;
        this.connection = database.getConnection();
        for (int block = 0; block < 5; block++) {
            aBusyDay();
            execute("SELECT wallet.seal(now(), 7)");
            execute("SELECT wallet.seal(now())");
        }
        assertThat(Long.parseLong(texts("SELECT count(*) FROM wallet.block").getFirst()))
                .isGreaterThanOrEqualTo(5);
        connection.setAutoCommit(false);
    }

    private void aBusyDay() throws SQLException {
        var user = customers.with(1000, 100);
        customers.spend(user, 150);
        customers.spend(user, 1_000_000);
        var hold = customers.hold(user, 50, Instant.parse("2100-01-01T00:00:00Z"));
        customers.capture(user, hold, 20);
    }

    @BeforeEach
    void noGuardsAtAll() throws SQLException {
        for (var table : NUMBER.keySet()) {
            execute("ALTER TABLE wallet.%s DISABLE TRIGGER ALL".formatted(table));
        }
        execute("ALTER TABLE wallet.block DISABLE TRIGGER ALL");
        for (var check : texts("""
                SELECT format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I', conrelid::regclass, conname)
                FROM pg_constraint JOIN pg_class c ON c.oid = conrelid
                WHERE contype = 'c' AND relnamespace = 'wallet'::regnamespace
                  AND relname ~ '^(request|journal|posting|lot_use|wallet_lot|hold|owner|account|block)(_....)?(_..)?$'
                ORDER BY relispartition""")) {
            execute(check);
        }
        execute("ALTER TABLE wallet.owner ALTER COLUMN owner_id DROP IDENTITY");
        execute("ALTER TABLE wallet.account ALTER COLUMN account_id DROP IDENTITY");
    }

    @AfterEach
    void nothingHasHappened() throws SQLException {
        connection.rollback();
        assertThat(new Verification(connection, Optional.empty(), any -> {})
                        .run()
                        .findings())
                .isEmpty();
    }

    @Test
    void aRandomColumnOfARandomSealedRowIsFoundAndLocatedEachTime() throws SQLException {
        var seed = System.nanoTime();
        var random = new Random(seed);
        var columns = columns();
        var tables = List.copyOf(NUMBER.keySet());
        var changed = new LinkedHashMap<String, Integer>();
        for (int i = 0; i < CHANGES; i++) {
            var table = tables.get(i % tables.size());
            var ofTable =
                    columns.stream().filter(one -> one.table().equals(table)).toList();
            var column = ofTable.get(random.nextInt(ofTable.size()));
            var row = randomRow(table, random);
            var before = connection.setSavepoint();
            execute("UPDATE wallet.%s SET %s WHERE tableoid = '%s'::oid AND ctid = '%s'"
                    .formatted(table, column.changed(), row.table(), row.place()));

            assertThat(found())
                    .as("seed %d: %s.%s of booking %d", seed, table, column.name(), row.number())
                    .anyMatch(finding -> Long.valueOf(row.number()).equals(finding.journal()));
            connection.rollback(before);
            changed.merge(table, 1, Integer::sum);
        }
        assertThat(changed)
                .hasSize(NUMBER.size())
                .allSatisfy((table, times) -> assertThat(times).isGreaterThanOrEqualTo(CHANGES / NUMBER.size()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"request", "journal", "posting", "lot_use", "wallet_lot", "hold", "owner", "account"})
    void aDeletedRowIsFoundAndLocated(String table) throws SQLException {
        var row = randomRow(table, new Random(7));
        execute("DELETE FROM wallet.%s WHERE tableoid = '%s'::oid AND ctid = '%s'"
                .formatted(table, row.table(), row.place()));

        assertThat(found()).anyMatch(finding -> Long.valueOf(row.number()).equals(finding.journal()));
    }

    @Test
    void aBookingThatIsGoneWithAllItsRowsIsFound() throws SQLException {
        var number = randomRow("posting", new Random(7)).number();
        for (var table : List.of("request", "journal", "posting", "lot_use", "wallet_lot", "hold")) {
            execute("DELETE FROM wallet.%s WHERE %s = %d".formatted(table, NUMBER.get(table), number));
        }

        assertThat(found()).anySatisfy(finding -> {
            assertThat(finding.kind()).isEqualTo("booking-removed");
            assertThat(finding.journal()).isEqualTo(number);
            assertThat(finding.sentence()).contains("Journal %d, block".formatted(number), "was removed");
        });
    }

    @Test
    void aBookingThatIsInsertedIntoThePastIsFound() throws SQLException {
        execute("""
                INSERT INTO wallet.request (shard, kind, request_key, sha256, journal_id, xid)
                SELECT 5, 'SPEND', 'INVENTED', sha256('x'), 4711000, xid FROM wallet.request ORDER BY journal_id LIMIT 1""");

        assertThat(found()).anySatisfy(finding -> {
            assertThat(finding.kind()).isEqualTo("booking-added");
            assertThat(finding.journal()).isEqualTo(4_711_000);
            assertThat(finding.shard()).isEqualTo(5);
            assertThat(finding.sentence()).contains("SPEND INVENTED", "was added after the block was sealed");
        });
    }

    @ParameterizedTest
    @CsvSource({"-1", "9000000000000000000"})
    void aBookingOutsideOfAllTimeIsFound(long xid) throws SQLException {
        execute("""
                INSERT INTO wallet.request (shard, kind, request_key, sha256, journal_id, xid)
                VALUES (5, 'SPEND', 'INVENTED', sha256('x'), 4711001, %d)""".formatted(xid));

        assertThat(found()).anySatisfy(finding -> {
            assertThat(finding.kind()).isEqualTo("booking-outside");
            assertThat(finding.journal()).isEqualTo(4_711_001);
        });
    }

    @Test
    void aWalletThatIsGivenToSomebodyElseIsFound() throws SQLException {
        execute(
                "UPDATE wallet.owner SET user_id = user_id || '-thief' WHERE owner_id = (SELECT min(owner_id) FROM wallet.owner)");

        assertThat(found())
                .anySatisfy(finding ->
                        assertThat(finding.sentence()).contains("The wallet of owner", "-thief", "was changed"));
    }

    @ParameterizedTest
    @CsvSource({
        "block_no = block_no + 100",
        "from_xid = from_xid - 1",
        "upto_xid = upto_xid + 1",
        "entries = entries + 1",
        "journals = journals + 1",
        "journals_so_far = journals_so_far + 1",
        "postings = postings + 1",
        "debit = debit + 1",
        "credit = credit + 1",
        "'leaves = set_byte(leaves, 9, 255 - get_byte(leaves, 9))'",
        "'body_sha256 = set_byte(body_sha256, 9, 255 - get_byte(body_sha256, 9))'",
        "'prev_sha256 = set_byte(prev_sha256, 9, 255 - get_byte(prev_sha256, 9))'",
        "'sha256 = set_byte(sha256, 9, 255 - get_byte(sha256, 9))'",
        "sealed_at = sealed_at + interval '1 second'"
    })
    void aBlockThatIsChangedIsFound(String change) throws SQLException {
        execute("UPDATE wallet.block SET %s WHERE block_no = 2".formatted(change));

        assertThat(found()).isNotEmpty();
    }

    @Test
    void aBlockThatIsTakenOutLeavesAGap() throws SQLException {
        execute("DELETE FROM wallet.block WHERE block_no = 3");

        assertThat(found())
                .anySatisfy(finding -> assertThat(finding.sentence())
                        .contains("Block 4 follows block 2: blocks between them are gone"))
                .anySatisfy(finding -> assertThat(finding.kind()).isEqualTo("booking-outside"));
    }

    @Test
    void aChainThatWasWrittenAnewIsFoundByWhoKeptItsHead() throws SQLException {
        var last =
                Long.parseLong(texts("SELECT max(block_no) FROM wallet.block").getFirst());
        var head = texts("SELECT encode(sha256, 'hex') FROM wallet.block WHERE block_no = " + last)
                .getFirst();
        execute(
                "UPDATE wallet.journal SET memo = 'something else' WHERE journal_id = (SELECT min(journal_id) FROM wallet.journal)");
        execute("DELETE FROM wallet.block");
        execute("SELECT wallet.seal(now())");

        assertThat(found(Optional.empty()))
                .as("nothing is wrong with the chain in itself")
                .isEmpty();
        assertThat(found(Optional.of(new ExpectedHead(last, head))))
                .singleElement()
                .satisfies(finding -> assertThat(finding.kind()).isEqualTo("head-differs"));
        assertThat(found(Optional.of(new ExpectedHead(null, head)))).hasSize(1);
    }

    @Test
    void theHeadThatSomebodyKeptIsInTheChain() throws SQLException {
        var head = texts("SELECT encode(sha256, 'hex') FROM wallet.block WHERE block_no = 2")
                .getFirst();

        assertThat(found(Optional.of(new ExpectedHead(2L, head.toUpperCase(Locale.ROOT)))))
                .isEmpty();
        assertThat(found(Optional.of(new ExpectedHead(null, head)))).isEmpty();
        assertThat(found(Optional.of(new ExpectedHead(1L, head)))).hasSize(1);
    }

    @Test
    void aBlockTakenFromTheEndIsRememberedByTheChecksThatSawIt() throws SQLException {
        execute("""
                INSERT INTO wallet.proof_run (full_check, since_xid, horizon_xid, started_at, finished_at, holds, invariants, block_no)
                SELECT false, 0, 1, now(), now(), true, '[]', max(block_no) FROM wallet.block""");
        execute("DELETE FROM wallet.block WHERE block_no = (SELECT max(block_no) FROM wallet.block)");

        var report = new Verification(connection, Optional.empty(), any -> {}).inThisTransaction();

        assertThat(report.findings())
                .anySatisfy(finding ->
                        assertThat(finding.sentence()).contains("was there before, and the chain ends without it"));
        assertThat(report.invariants())
                .filteredOn(invariant -> invariant.name().startsWith("I11"))
                .singleElement()
                .satisfies(invariant -> assertThat(invariant.violations()).isPositive());
    }

    @Test
    void guardsThatAreSwitchedOffAreFound() throws SQLException {
        var report = new Verification(connection, Optional.empty(), any -> {}).inThisTransaction();

        assertThat(report.findings())
                .extracting(Finding::sentence)
                .contains("The trigger posting_balances on wallet.posting is not enabled as it should be");
    }

    @Test
    void aTableThatIsReplacedByAViewIsFound() throws SQLException {
        execute("ALTER TABLE wallet.hold RENAME TO hold_behind");
        execute("CREATE VIEW wallet.hold AS SELECT * FROM wallet.hold_behind");

        var findings = new Findings();
        new Guards(connection).check(findings);

        assertThat(findings.kept())
                .extracting(Finding::sentence)
                .contains("wallet.hold is not a plain table: rows could be hidden");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "refuse_change | RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
                "require_balanced | RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
                "only_close | RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
            })
    void aGuardThatStandsInItsPlaceAndDoesNothingIsNamed(String function, String instead) throws SQLException {
        execute("CREATE OR REPLACE FUNCTION wallet.%s() %s".formatted(function, instead));

        assertThat(texts())
                .extracting(Finding::sentence)
                .containsExactly(
                        "The function wallet.%s does not say what this version has installed".formatted(function));
    }

    @Test
    void aGuardWithOtherSettingsIsNamed() throws SQLException {
        execute("ALTER FUNCTION wallet.require_balanced() SET search_path = public, pg_catalog");

        assertThat(texts())
                .extracting(Finding::sentence)
                .containsExactly("The function wallet.require_balanced does not say what this version has installed");
    }

    @Test
    void aFunctionThatIsGoneOrThatNobodyHasInstalledIsNamed() throws SQLException {
        execute("ALTER FUNCTION wallet.expire(smallint, bigint, timestamptz) RENAME TO expire_never");

        assertThat(texts())
                .extracting(Finding::sentence)
                .containsExactlyInAnyOrder(
                        "The function wallet.expire is not there",
                        "The function wallet.expire_never is none of this version's");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BEFORE DELETE ON wallet.hold FOR EACH ROW EXECUTE FUNCTION wallet.refuse_nothing()",
                "BEFORE UPDATE ON wallet.hold FOR EACH ROW WHEN (false) EXECUTE FUNCTION wallet.refuse_change()",
                "BEFORE INSERT ON wallet.hold FOR EACH ROW EXECUTE FUNCTION wallet.refuse_change()",
                "AFTER DELETE ON wallet.hold FOR EACH ROW EXECUTE FUNCTION wallet.refuse_change()",
                "BEFORE DELETE ON wallet.hold FOR EACH STATEMENT EXECUTE FUNCTION wallet.refuse_change()"
            })
    void aTriggerThatFiresAtAnotherTimeOrCallsSomethingElseIsNamed(String instead) throws SQLException {
        execute("CREATE FUNCTION wallet.refuse_nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'");
        execute("DROP TRIGGER hold_kept ON wallet.hold");
        execute("CREATE TRIGGER hold_kept " + instead);

        assertThat(texts())
                .extracting(Finding::sentence)
                .contains("The trigger hold_kept on wallet.hold is not the one that this version has installed")
                .hasSize(2);
    }

    /** Also of each month: what was made for it later must be as the table's own. */
    @Test
    void whatTheMigrationsInstallIsWhatTheySay() throws SQLException {
        assertThat(texts()).isEmpty();
        assertThat(Migrations.ofThisVersion().functions())
                .containsKeys("refuse_change", "require_balanced", "only_close");
        assertThat(Migrations.ofThisVersion().triggers().keySet())
                .containsAll(Guards.EXPECTED.stream()
                        .map(guard -> guard.table() + "." + guard.trigger())
                        .toList());
    }

    private List<Finding> texts() throws SQLException {
        var findings = new Findings();
        new GuardTexts(connection, Migrations.ofThisVersion()).check(findings);
        return findings.kept();
    }

    @Test
    void everyTriggerOfTheLedgerIsAmongThoseThatAreLookedFor() throws SQLException {
        assertThat(texts("""
                SELECT c.relname || '.' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                WHERE c.relnamespace = 'wallet'::regnamespace AND NOT t.tgisinternal AND NOT c.relispartition
                  AND c.relname NOT IN ('recharge', 'recharge_package')"""))
                .containsExactlyInAnyOrderElementsOf(Guards.EXPECTED.stream()
                        .map(guard -> guard.table() + "." + guard.trigger())
                        .toList());
    }

    /** The chain alone, without the views: fast enough to do it some hundred times. */
    private List<Finding> found() throws SQLException {
        return found(Optional.empty());
    }

    private List<Finding> found(Optional<ExpectedHead> expected) throws SQLException {
        var findings = new Findings();
        long horizon = Long.parseLong(
                texts("SELECT pg_snapshot_xmax(pg_current_snapshot())::text").getFirst());
        new ChainWalk(connection, findings, expected, any -> {}).walk(horizon);
        return findings.kept();
    }

    private record Row(String table, String place, long number) {}

    private Row randomRow(String table, Random random) throws SQLException {
        var rows = new ArrayList<Row>();
        try (var statement = connection.createStatement();
                var found = statement.executeQuery(
                        "SELECT tableoid::oid::text, ctid::text, %s FROM wallet.%s WHERE xid < (SELECT max(upto_xid) FROM wallet.block)"
                                .formatted(NUMBER.get(table), table))) {
            while (found.next()) {
                rows.add(new Row(found.getString(1), found.getString(2), found.getLong(3)));
            }
        }
        return rows.get(random.nextInt(rows.size()));
    }

    /** @param changed an assignment that gives the column another value, whatever it has */
    private record Column(String table, String name, String changed) {

        static Column of(String table, String name, String type) {
            var other = switch (type) {
                case "int2" -> "%1$s + 100";
                case "int8" -> "coalesce(%1$s, 0) + 1000003";
                case "date" -> "%1$s + 1";
                case "timestamptz" ->
                    "CASE %1$s WHEN 'infinity' THEN '-infinity' ELSE %1$s + interval '1 microsecond' END";
                case "bytea" -> "set_byte(%1$s, 0, 255 - get_byte(%1$s, 0))";
                case "bool" -> "NOT %1$s";
                default ->
                    name.equals("kind")
                            ? "CASE %1$s::text WHEN 'SPEND' THEN 'HOLD' ELSE 'SPEND' END"
                            : "coalesce(%1$s, '') || '.'";
            };
            return new Column(table, name, "%s = %s".formatted(name, other.formatted(name)));
        }
    }

    private List<Column> columns() throws SQLException {
        return texts("""
                SELECT table_name || ' ' || column_name || ' ' || udt_name FROM information_schema.columns
                WHERE table_schema = 'wallet' AND column_name NOT IN ('principal_left', 'bonus_left') AND is_generated = 'NEVER'
                ORDER BY table_name, ordinal_position""").stream()
                .map(line -> line.split(" "))
                .map(parts -> Column.of(parts[0], parts[1], parts[2]))
                .filter(column -> NUMBER.containsKey(column.table()))
                .toList();
    }

    private List<String> texts(String query) throws SQLException {
        var texts = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    private void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
