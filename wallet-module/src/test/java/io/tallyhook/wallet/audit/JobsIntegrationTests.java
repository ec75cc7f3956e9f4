package io.tallyhook.wallet.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallyhook.payment.UserId;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.RuntimeRole;

/** Any number of instances may look what is due; one does it, and does it again if it failed. */
@AuditTest
class JobsIntegrationTests {

    private final Agenda agenda;
    private final ExpireBonuses expiry;
    private final TimeOutHolds timeOuts;
    private final MakePartitions partitions;
    private final Proofs proofs;
    private final ShownProgress progress;
    private final Customers customers;
    private final TransactionTemplate transaction;
    private final Transactions transactions;
    private final JdbcClient jdbc;
    private final Clock clock;

    JobsIntegrationTests(
            Agenda agenda,
            ExpireBonuses expiry,
            TimeOutHolds timeOuts,
            MakePartitions partitions,
            Proofs proofs,
            ShownProgress progress,
            Customers customers,
            TransactionTemplate transaction,
            Transactions transactions,
            JdbcClient jdbc,
            Clock clock) {
        this.agenda = agenda;
        this.expiry = expiry;
        this.timeOuts = timeOuts;
        this.partitions = partitions;
        this.proofs = proofs;
        this.progress = progress;
        this.customers = customers;
        this.transaction = transaction;
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Counts how often it is done, under the name of a job that nobody else does here. */
    private static class Counted implements Job {

        final AtomicInteger done = new AtomicInteger();

        @Override
        public String name() {
            return "closing";
        }

        @Override
        public Instant dueAfter(Instant now) {
            return now.plus(Duration.ofDays(1));
        }

        @Override
        public String run() {
            return "done %d times".formatted(done.incrementAndGet());
        }
    }

    @BeforeEach
    void due() {
        jdbc.sql("UPDATE wallet.job SET due_at = '-infinity', started_at = NULL, finished_at = NULL, result = NULL")
                .update();
    }

    @Test
    void manyInstancesDoAJobOnce() throws Exception {
        var job = new Counted();
        var instances = IntStream.range(0, 6).mapToObj(i -> instance(job)).toList();
        try (var threads = Executors.newFixedThreadPool(6)) {
            for (var begun : threads.invokeAll(instances.stream()
                    .map(instance -> Executors.callable(() -> {
                        instance.begin();
                        instance.begin();
                    }))
                    .toList())) {
                begun.get();
            }
        }
        await().untilAsserted(() -> assertThat(state().result()).hasValue("done 1 times"));

        assertThat(job.done).hasValue(1);
        assertThat(state().running()).isFalse();
        for (var instance : instances) {
            instance.destroy();
        }
    }

    @Test
    void whatFailedIsRecordedAndDoneAgain() throws Exception {
        var job = new Counted() {
            @Override
            public String run() {
                if (done.incrementAndGet() == 1) {
                    throw new IllegalStateException("the disk is full");
                }
                return "well";
            }
        };
        var jobs = instance(job);
        jobs.begin();
        await().untilAsserted(() -> assertThat(state().result()).hasValue("failed: the disk is full"));
        assertThat(state().failed()).isTrue();
        assertThat(dueIn()).isBetween(Duration.ofSeconds(30), Agenda.RETRY);

        jdbc.sql("UPDATE wallet.job SET due_at = now() WHERE job = 'closing'").update();
        jobs.begin();
        await().untilAsserted(() -> assertThat(state().result()).hasValue("well"));
        assertThat(dueIn()).isGreaterThan(Duration.ofHours(23));
        jobs.destroy();
    }

    @Test
    void whoHasOutlivedHisLeaseDoesNotMoveTheTimeOfTheOneWhoTookOver() throws Exception {
        var gate = new CountDownLatch(1);
        var slow = new Counted() {
            @Override
            public String run() {
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return "late";
            }
        };
        var dying = instance(slow);
        dying.begin();
        jdbc.sql("UPDATE wallet.job SET due_at = now() WHERE job = 'closing'").update();
        var next = new Counted();
        var takesOver = instance(next);
        takesOver.begin();
        await().untilAsserted(() -> assertThat(state().result()).hasValue("done 1 times"));
        gate.countDown();
        dying.destroy();
        takesOver.destroy();

        assertThat(state().result()).hasValue("done 1 times");
    }

    @Test
    void anInstanceThatTakesNoPartDoesNothing() {
        var job = new Counted();
        var settings = new AuditSettings(
                false,
                Duration.ZERO,
                Duration.ZERO,
                1,
                Duration.ZERO,
                Duration.ZERO,
                1,
                Duration.ZERO,
                Duration.ZERO,
                LocalTime.NOON,
                Duration.ZERO,
                Duration.ZERO);

        new Jobs(List.of(job), agenda, settings).tick();

        assertThat(agenda.due()).contains("closing");
        assertThat(job.done).hasValue(0);
    }

    @Test
    void bonusesWhoseTimeHasComeExpireEachInItsOwnTransaction() {
        var user = customers.newUser();
        var other = customers.newUser();
        customers.grant(user, "GRANT_BONUS", 30, clock.instant().minusSeconds(5), clock.instant());
        customers.grant(user, "GRANT_BONUS", 40, clock.instant().plusSeconds(600), clock.instant());
        customers.grant(other, "GRANT_BONUS", 50, clock.instant().minusSeconds(4), clock.instant());

        assertThat(expiry.run()).isEqualTo("2 booked");

        assertThat(bonus(user)).isEqualTo(40);
        assertThat(bonus(other)).isZero();
        assertThat(expiry.run()).isEqualTo("0 booked");
        assertThat(proofs.everything().holds()).isTrue();
    }

    @Test
    void holdsWhoseTimeIsOverAreReleasedByTheSystem() {
        var user = customers.with(100, 10);
        var due = customers.hold(user, 30, clock.instant().plusSeconds(60));
        var captured = customers.hold(user, 20, clock.instant().plusSeconds(60));
        assertThat(customers.capture(user, captured, 20)).isEqualTo("POSTED");
        customers.hold(user, 5, clock.instant().plusSeconds(86_400));
        var later = new TimeOutHolds(
                jdbc, transactions, Settings.sealingAtMost(1), Clock.offset(clock, Duration.ofMinutes(2)));

        assertThat(timeOuts.run()).isEqualTo("0 booked");
        assertThat(later.run()).isEqualTo("1 booked");

        assertThat(jdbc.sql(
                                "SELECT kind || ' ' || request_key || ' ' || actor FROM wallet.journal WHERE reference = ? ORDER BY journal_id")
                        .param(due)
                        .query(String.class)
                        .list())
                .containsExactly("HOLD %s ada".formatted(due), "RELEASE timeout:%s system".formatted(due));
        assertThat(later.run()).isEqualTo("0 booked");
        assertThat(proofs.everything().holds()).isTrue();
    }

    @Test
    void oneThatCannotBeBookedAndAStoppedShardKeepNobodyWaiting() {
        var broken = customers.with(100, 10);
        var stopped = customers.with(100, 10);
        var fine = customers.with(100, 10);
        customers.hold(broken, 30, clock.instant().minusSeconds(30));
        customers.hold(stopped, 30, clock.instant().minusSeconds(20));
        customers.hold(fine, 30, clock.instant().minusSeconds(10));
        // More is said to be left of the lot than there was: it cannot take back what the hold has of it.
        changeLot(broken, "+ 1");
        jdbc.sql(
                        "INSERT INTO wallet.stop (shard, invariant, subject, fault, stopped_at) VALUES (?, 'I1', 'a', 'b', now())")
                .param(stopped.shard())
                .update();

        assertThat(timeOuts.run()).isEqualTo("1 booked, 1 failed");

        jdbc.sql(
                        "UPDATE wallet.stop SET resumed_at = now(), resumed_by = 'ada', note = 'over' WHERE resumed_at IS NULL")
                .update();
        changeLot(broken, "- 1");
        assertThat(timeOuts.run()).isEqualTo("2 booked");
        assertThat(proofs.everything().holds()).isTrue();
    }

    @Test
    void theApplicationsRoleMakesPartitionsAheadAndOwnsNone() {
        jdbc.sql("DROP TABLE IF EXISTS wallet.posting_2031_05, wallet.journal_2031_05")
                .update();
        RuntimeRole.of("wallet").does(transaction, jdbc, () -> {
            assertThat(jdbc.sql("SELECT wallet.make_partitions('2031-05-01', 1)")
                            .query(Integer.class)
                            .single())
                    .isEqualTo(2);
            assertThat(partitions.run()).isEqualTo("0 partitions made");
            assertThat(jdbc.sql("SELECT tableowner FROM pg_tables WHERE tablename = 'posting_2031_05'")
                            .query(String.class)
                            .single())
                    .isEqualTo("postgres");
            assertThat(jdbc.sql("""
                            SELECT string_agg(tgname, ' ' ORDER BY tgname) FROM pg_trigger
                            WHERE tgrelid = 'wallet.posting_2031_05'::regclass AND tgenabled = 'A'
                            """).query(String.class).single())
                    .isEqualTo("posting_balances posting_frozen posting_not_emptied");
        });
    }

    @Test
    void everythingIsCheckedInTheNight() {
        var job = new ProveAll(proofs, progress, Settings.sealingAtMost(1));

        assertThat(job.dueAfter(Instant.parse("2026-11-25T10:00:00Z"))).isEqualTo("2026-11-25T19:10:00Z");
        assertThat(job.dueAfter(Instant.parse("2026-11-25T19:10:00Z"))).isEqualTo("2026-11-26T19:10:00Z");
        assertThat(job.dueAfter(Instant.parse("2026-11-25T19:09:59Z"))).isEqualTo("2026-11-25T19:10:00Z");
    }

    private Jobs instance(Job job) {
        return new Jobs(List.of(job), agenda, Settings.sealingAtMost(1));
    }

    private JobState state() {
        return agenda.all().stream()
                .filter(job -> job.name().equals("closing"))
                .findFirst()
                .orElseThrow();
    }

    private Duration dueIn() {
        return Duration.between(
                clock.instant(),
                jdbc.sql("SELECT due_at FROM wallet.job WHERE job = 'closing'")
                        .query(Timestamp.class)
                        .single()
                        .toInstant());
    }

    private void changeLot(UserId user, String by) {
        jdbc.sql("UPDATE wallet.wallet_lot SET bonus_left = bonus_left %s".formatted(by)
                        + " WHERE bonus > 0 AND owner_id = (SELECT owner_id FROM wallet.owner WHERE user_id = ?)")
                .param(user.value())
                .update();
    }

    private long bonus(UserId user) {
        return jdbc.sql("""
                        SELECT credit - debit FROM wallet.account_balance b JOIN wallet.owner o USING (shard, owner_id)
                        WHERE o.user_id = ? AND b.gl_code = '2204.11'
                        """).param(user.value()).query(Long.class).single();
    }
}
