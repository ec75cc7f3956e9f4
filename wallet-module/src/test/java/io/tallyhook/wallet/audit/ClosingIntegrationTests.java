package io.tallyhook.wallet.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.audit.BooksMonth.State;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A month is closed with exactly what was posted to it, whoever posts at the same time. Each test has a month of its own. */
@AuditTest
class ClosingIntegrationTests {

    private final Audit audit;
    private final Closing closing;
    private final FinishClosing job;
    private final SealBlocks sealer;
    private final Proofs proofs;
    private final Customers customers;
    private final JdbcClient jdbc;
    private final DataSource database;
    private final Clock clock;

    ClosingIntegrationTests(
            Audit audit,
            Closing closing,
            FinishClosing job,
            SealBlocks sealer,
            Proofs proofs,
            Customers customers,
            JdbcClient jdbc,
            DataSource database,
            Clock clock) {
        this.audit = audit;
        this.closing = closing;
        this.job = job;
        this.sealer = sealer;
        this.proofs = proofs;
        this.customers = customers;
        this.jdbc = jdbc;
        this.database = database;
        this.clock = clock;
    }

    @Test
    void aPostingInFlightIsWaitedForAndOneThatComesLaterIsRefused() throws Exception {
        var month = monthAgo(2);
        var user = grantedIn(month, 1000);
        var later = grantedIn(month, 1000);
        try (var inFlight = database.getConnection()) {
            inFlight.setAutoCommit(false);
            execute(inFlight, spending(user, "IN-FLIGHT", 7, noonOf(month)));

            audit.close(month, "ada");

            assertThatThrownBy(() -> customers.spend(later, 1, noonOf(month)))
                    .isInstanceOf(DataAccessException.class)
                    .hasMessageContaining("the books of %s are closed".formatted(month));
            assertThat(job.run()).isEqualTo(month + ": waits for postings in flight");
            assertThat(state(month)).isEqualTo(State.CLOSING);
            inFlight.commit();
        }
        assertThat(job.run()).isEqualTo(month + ": waits for the sealer");
        sealer.run();
        assertThat(job.run()).isEqualTo(month + ": closed");
        assertThat(job.run()).isEqualTo("nothing to close");

        var closed = month(month);
        assertThat(closed.state()).isEqualTo(State.CLOSED);
        assertThat(closed.turnover().minorUnits())
                .as("with the one that was in flight")
                .isEqualTo(2000 + 7);
        assertThat(closed.closing())
                .hasValueSatisfying(begun -> assertThat(begun.person()).isEqualTo("ada"));
        var trialBalance = sha256("2204.01|7|2000\n6001.01|0|7\n6601.01|2000|0\n");
        assertThat(closed.closed()).hasValueSatisfying(end -> {
            assertThat(end.block()).isEqualTo(audit.head().block());
            assertThat(end.sha256()).isEqualTo(trialBalance);
        });
        assertThatThrownBy(() -> customers.spend(user, 1, noonOf(month))).hasMessageContaining("closed");
        assertThat(customers.spend(user, 1)).as("the months after it are open").isEqualTo("POSTED");
        assertThat(proofs.everything().holds()).isTrue();
    }

    @Test
    void aPostingThatBeganDuringTheFirstStepIsWaitedForToo() throws Exception {
        var month = monthAgo(9);
        var user = grantedIn(month, 1000);
        try (var firstStep = database.getConnection();
                var inFlight = database.getConnection()) {
            firstStep.setAutoCommit(false);
            inFlight.setAutoCommit(false);
            execute(firstStep, firstStepOf(month));
            execute(inFlight, spending(user, "IN-FLIGHT", 7, noonOf(month)));
            firstStep.commit();

            assertThat(closing.finish(month)).isEqualTo("waits for postings in flight");
            inFlight.commit();
        }
        sealer.run();
        assertThat(closing.finish(month)).isEqualTo("closed");
        assertThat(month(month).turnover().minorUnits())
                .as("with the one that was in flight")
                .isEqualTo(1000 + 7);
        assertThat(proofs.everything().holds()).isTrue();
    }

    @Test
    void theHorizonOfAMonthIsTheNumberOfWhoNotesIt() {
        var month = monthAgo(10);
        grantedIn(month, 10);
        sealer.run();
        jdbc.sql(firstStepOf(month)).update();

        assertThatThrownBy(() -> jdbc.sql(
                                "UPDATE wallet.accounting_period SET horizon_xid = pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1"
                                        + " WHERE month = ?::date")
                        .param(month.atDay(1).toString())
                        .update())
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("closed in the order");

        assertThat(closing.finish(month)).isEqualTo("closed");
    }

    @Test
    void manyWhoPostWhileItIsClosedAreAllInTheTotalsOrRefused() throws Exception {
        var month = monthAgo(3);
        var users =
                IntStream.range(0, 4).mapToObj(i -> grantedIn(month, 100_000)).toList();
        var started = new CountDownLatch(users.size());
        int posted = 0;
        try (var threads = Executors.newFixedThreadPool(users.size())) {
            var posters = users.stream()
                    .map(user -> threads.submit(() -> postUntilRefused(user, month, started)))
                    .toList();
            started.await();
            audit.close(month, "ada");
            while (!job.run().endsWith("closed")) {
                sealer.run();
            }
            for (var poster : posters) {
                posted += poster.get();
            }
        }

        assertThat(month(month).turnover().minorUnits()).isEqualTo(users.size() * 100_000L + posted);
        assertThat(jdbc.sql("SELECT debit FROM wallet.accounting_period WHERE month = ?::date")
                        .param(month.atDay(1).toString())
                        .query(Long.class)
                        .single())
                .isEqualTo(users.size() * 100_000L + posted);
        assertThat(proofs.everything().holds()).isTrue();
    }

    /** @return how many fen, one by one, were spent before the month was closed */
    private int postUntilRefused(UserId user, YearMonth month, CountDownLatch started) {
        int posted = 0;
        try {
            while (true) {
                customers.spend(user, 1, noonOf(month));
                posted++;
                started.countDown();
            }
        } catch (DataAccessException e) {
            assertThat(e).hasMessageContaining("the books of %s are closed".formatted(month));
        }
        return posted;
    }

    @Test
    void anInstanceThatDiesAfterTheFirstStepLosesNothing() {
        var month = monthAgo(4);
        grantedIn(month, 10);
        sealer.run();
        jdbc.sql(firstStepOf(month)).update();

        assertThat(closing.finish(month)).isEqualTo("closed");
    }

    @Test
    void onlyAMonthThatIsOverAndHasPostingsIsClosed() {
        customers.with(1, 1);
        assertThatThrownBy(() -> audit.close(monthAgo(0), "ada"))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.status()).isEqualTo(HttpStatus.BAD_REQUEST));
        assertThatThrownBy(() -> audit.close(YearMonth.of(1999, 1), "ada"))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.status()).isEqualTo(HttpStatus.BAD_REQUEST));
        assertThat(audit.isOver(monthAgo(0))).isFalse();
    }

    @Test
    void aMonthIsClosedOnceAndNeverOpenedAgain() {
        var month = monthAgo(5);
        grantedIn(month, 10);
        audit.close(month, "ada");

        assertThatThrownBy(() -> audit.close(month, "bob"))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.status()).isEqualTo(HttpStatus.CONFLICT));

        sealer.run();
        assertThat(job.run()).contains(month + ": closed");
        assertThatThrownBy(() -> jdbc.sql("UPDATE wallet.accounting_period SET state = 'CLOSING', closed_at = NULL")
                        .update())
                .isInstanceOf(DataAccessException.class);
        assertThatThrownBy(
                        () -> jdbc.sql("DELETE FROM wallet.accounting_period").update())
                .isInstanceOf(DataAccessException.class);
    }

    @Test
    void noMonthIsClosedWhileTheLedgerDoesNotHold() {
        var month = monthAgo(6);
        var user = grantedIn(month, 10);
        customers.spend(user, 5);
        damage(user, "+ 1");
        proofs.everything();

        assertThat(audit.checks(month).proofHolds()).isFalse();
        assertThatThrownBy(() -> audit.close(month, "ada"))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.type()).isEqualTo("ledger-does-not-hold"));
        assertThat(state(month)).isEqualTo(State.OPEN);

        damage(user, "- 1");
        assertThat(proofs.everything().holds()).isTrue();
        audit.stops().forEach(stop -> audit.resume(stop.stopId(), "ada", "the test is over"));
        assertThat(audit.checks(month).proofHolds()).isTrue();
    }

    @Test
    void aPersonSeesWhatIsOpenBeforeHeCloses() {
        var month = monthAgo(7);
        grantedIn(month, 10);
        var before = audit.checks(month);
        customers.hold(customers.with(100, 10), 5, Instant.parse("2100-01-01T00:00:00Z"));
        grantedIn(month.minusMonths(1), 10);

        var checks = audit.checks(month);

        assertThat(checks.openHolds()).isEqualTo(before.openHolds() + 1);
        assertThat(checks.earlierOpen()).contains(month.minusMonths(1)).doesNotContain(month);
        assertThat(checks.refundsInTransit().minorUnits()).isZero();
    }

    private void damage(UserId user, String by) {
        jdbc.sql("UPDATE wallet.wallet_lot SET principal_left = principal_left %s".formatted(by)
                        + " WHERE owner_id = (SELECT owner_id FROM wallet.owner WHERE user_id = ?)")
                .param(user.value())
                .update();
    }

    private YearMonth monthAgo(int months) {
        return BooksTime.thisMonth(clock).minusMonths(months);
    }

    private static Instant noonOf(YearMonth month) {
        return month.atDay(15).atTime(12, 0).atZone(BooksTime.ZONE).toInstant();
    }

    private UserId grantedIn(YearMonth month, long amount) {
        jdbc.sql("SELECT wallet.make_partitions(?::date, 1)")
                .param(month.atDay(1).toString())
                .query(Integer.class)
                .single();
        var user = customers.newUser();
        customers.grant(user, "GRANT_PRINCIPAL", amount, null, noonOf(month));
        return user;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String firstStepOf(YearMonth month) {
        return """
                INSERT INTO wallet.accounting_period (month, state, closing_by, closing_at)
                VALUES ('%s', 'CLOSING', 'ada', now())""".formatted(month.atDay(1));
    }

    private static String spending(UserId user, String key, long amount, Instant now) {
        return "SELECT wallet.spend(%d::smallint, '%s', '%s', sha256('x'), %d, 'GOODS', 'O', 'PRO_RATA', '%s', '%s')"
                .formatted(user.shard(), user.value(), key, amount, now, now);
    }

    private BooksMonth month(YearMonth month) {
        return audit.months().stream()
                .filter(one -> one.month().equals(month))
                .findFirst()
                .orElseThrow();
    }

    private State state(YearMonth month) {
        return month(month).state();
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
