package io.tallyhook.wallet.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.payment.Refusal;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** What was moved is checked while that fits into its time; beyond it, people are told, and everything is checked anew. */
@AuditTest
class TooMuchToProveIntegrationTests {

    private static final Duration FOR_THREE_BOOKINGS = Duration.ofMillis(1);

    private final Invariants invariants;
    private final ProofRuns runs;
    private final Agenda agenda;
    private final Alarm alarm;
    private final Transactions transactions;
    private final Proofs proofs;
    private final ShownProgress shown;
    private final Customers customers;
    private final TransactionTemplate transaction;
    private final JdbcClient jdbc;
    private final Clock clock;

    TooMuchToProveIntegrationTests(
            Invariants invariants,
            ProofRuns runs,
            Agenda agenda,
            Alarm alarm,
            Transactions transactions,
            Proofs proofs,
            ShownProgress shown,
            Customers customers,
            TransactionTemplate transaction,
            JdbcClient jdbc,
            Clock clock) {
        this.invariants = invariants;
        this.runs = runs;
        this.agenda = agenda;
        this.alarm = alarm;
        this.transactions = transactions;
        this.proofs = proofs;
        this.shown = shown;
        this.customers = customers;
        this.transaction = transaction;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @BeforeEach
    void everythingWasCheckedAndIsDueTonight() {
        assertThat(proofs.everything().holds()).isTrue();
        jdbc.sql("""
                        UPDATE wallet.job SET due_at = now() + interval '9 hours', started_at = NULL, finished_at = NULL
                        WHERE job = 'proof-full'
                        """).update();
    }

    @Test
    void moreThanFitsIsSaidInWordsAndEverythingIsAskedFor() {
        fiveAreBooked();

        assertThatThrownBy(() -> in(FOR_THREE_BOOKINGS, Duration.ofHours(2)).ask())
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.status()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
                    assertThat(refusal.type()).isEqualTo("too-much-to-prove");
                    assertThat(refusal.detail())
                            .startsWith("More was booked since the last check of everything than is checked in")
                            .endsWith("Everything is checked anew now.");
                });
        assertThat(agenda.due()).contains(ProveAll.NAME);
    }

    @Test
    void theJobThatFindsTooMuchIsPutOffAndHasNotFailed() {
        fiveAreBooked();
        var settings = Settings.provingWithin(FOR_THREE_BOOKINGS);
        var job = new ProveMoved(in(FOR_THREE_BOOKINGS, Duration.ofHours(2)), settings);
        long kept = runsKept();

        assertThat(job.run()).startsWith("put off: More was booked");

        assertThat(agenda.due()).contains(ProveAll.NAME);
        assertThat(runsKept()).as("a check that was not made is not kept").isEqualTo(kept);
    }

    @Test
    void everythingIsNotCheckedOverAndOver() {
        fiveAreBooked();

        assertThatThrownBy(() -> in(FOR_THREE_BOOKINGS, Duration.ofMinutes(30)).ask())
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("Everything is checked anew at ");
        assertThat(agenda.due()).doesNotContain(ProveAll.NAME);
    }

    @Test
    void aCheckThatRunsOutOfTimeIsNoFailureEither() {
        transaction.executeWithoutResult(status -> {
            jdbc.sql("LOCK TABLE wallet.hold IN ACCESS EXCLUSIVE MODE").update();

            assertThatThrownBy(
                            () -> in(Duration.ofSeconds(2), Duration.ofHours(2)).ask())
                    .isInstanceOfSatisfying(
                            Refusal.class, refusal -> assertThat(refusal.type()).isEqualTo("too-much-to-prove"));
        });
        assertThat(agenda.due()).contains(ProveAll.NAME);
    }

    @Test
    void whatFitsIsCheckedAsBefore() {
        fiveAreBooked();

        var proof = in(Duration.ofMinutes(5), Duration.ofHours(2)).ask();

        assertThat(proof.holds()).isTrue();
        assertThat(proof.moved().full()).isFalse();
        assertThat(agenda.due()).doesNotContain(ProveAll.NAME);
    }

    @Test
    void whoWaitsForACheckOfEverythingSeesHowFarItIs() {
        var seen = new ArrayList<String>();
        var shownToPeople = shown.of(ProveAll.NAME);

        proofs.everything((step, steps, doing) -> {
            shownToPeople.at(step, steps, doing);
            seen.add(transactions.write(
                    Duration.ofMinutes(1),
                    () -> states().getFirst().step().map(Object::toString).orElse("nothing")));
        });

        assertThat(seen).hasSize(15);
        assertThat(seen.get(4)).isEqualTo("Step[number=5, of=15, doing=I5-lots-equal-balances]");
    }

    /** The database takes no step of none. */
    @Test
    void aCheckGoesOnIfNobodyCanBeToldHowFarItIs() {
        var shownToPeople = shown.of(ProveAll.NAME);

        var proof = proofs.everything((step, steps, doing) -> shownToPeople.at(step, 0, doing));

        assertThat(proof.holds()).isTrue();
    }

    private void fiveAreBooked() {
        var user = customers.with(100, 10);
        for (int spend = 0; spend < 3; spend++) {
            customers.spend(user, 1);
        }
    }

    /** Proofs with so much time, and this long after the last check of everything. */
    private Proofs in(Duration within, Duration later) {
        var settings = Settings.provingWithin(within);
        var check = new CheckMoved(invariants, runs, agenda, settings, Clock.offset(clock, later));
        return new Proofs(invariants, check, runs, alarm, transactions, settings);
    }

    private long runsKept() {
        return jdbc.sql("SELECT count(*) FROM wallet.proof_run")
                .query(Long.class)
                .single();
    }

    private List<JobState> states() {
        return agenda.all().stream()
                .filter(job -> job.name().equals(ProveAll.NAME))
                .toList();
    }
}
