package io.tallyhook.wallet.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.Proof.Invariant;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** Damage is found, stops its shard and nothing else, and a person resumes it when it is repaired. */
@AuditTest
class ProvingIntegrationTests {

    private final Audit audit;
    private final Proofs proofs;
    private final ProofRuns runs;
    private final AuditMetrics metrics;
    private final MeterRegistry meters;
    private final Customers customers;
    private final Superuser superuser;
    private final MockMvcTester http;
    private final JdbcClient jdbc;
    private final Clock clock;

    ProvingIntegrationTests(
            Audit audit,
            Proofs proofs,
            ProofRuns runs,
            AuditMetrics metrics,
            MeterRegistry meters,
            Customers customers,
            Superuser superuser,
            MockMvcTester http,
            JdbcClient jdbc,
            Clock clock) {
        this.audit = audit;
        this.proofs = proofs;
        this.runs = runs;
        this.metrics = metrics;
        this.meters = meters;
        this.customers = customers;
        this.superuser = superuser;
        this.http = http;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @AfterEach
    void theLedgerIsLeftWhole() {
        audit.stops().forEach(stop -> audit.resume(stop.stopId(), "ada", "the test is over"));
        assertThat(proofs.everything().holds()).isTrue();
    }

    @Test
    void whatWasMovedSinceTheLastFullCheckIsCheckedAndNoMore() {
        proofs.everything();
        var user = customers.with(100, 10);
        customers.spend(user, 50);

        var proof = audit.prove();

        assertThat(proof.holds()).isTrue();
        assertThat(proof.moved().full()).isFalse();
        assertThat(checked(proof, "I2-journals-balance")).isEqualTo(3);
        assertThat(checked(proof, "I5-lots-equal-balances")).isEqualTo(1);
        assertThat(proof.lastFull())
                .hasValueSatisfying(full -> assertThat(full.full()).isTrue());
    }

    @Test
    void theApiNamesTheCheckThatTheAnswerRestsOn() {
        proofs.everything();
        customers.with(100, 10);

        assertThat(http.get().uri("/api/v1/ledger/proof"))
                .hasStatusOk()
                .bodyJson()
                .hasPathSatisfying("holds", holds -> holds.assertThat().isEqualTo(true))
                .hasPathSatisfying(
                        "lastFullRun.holds", holds -> holds.assertThat().isEqualTo(true))
                .hasPath("checkedAt")
                .hasPath("lastFullRun.finishedAt")
                .hasPath("sealed.head")
                .extractingPath("invariants[*].name")
                .asArray()
                .hasSize(15);
    }

    @Test
    void aCheckOfWhatMovedFindsTheSameAsACheckOfEverything() {
        proofs.everything();
        var seed = System.nanoTime();
        var random = new Random(seed);
        var users = List.of(customers.with(1000, 100), customers.with(500, 50), customers.with(10, 1));
        customers.spend(users.getFirst(), 150);
        for (int i = 0; i < 60; i++) {
            var user = users.get(random.nextInt(users.size()));
            switch (random.nextInt(3)) {
                case 0 -> customers.spend(user, 1 + random.nextInt(200));
                case 1 -> customers.hold(user, 1 + random.nextInt(50), Instant.parse("2100-01-01T00:00:00Z"));
                default -> customers.grant(user, "GRANT_PRINCIPAL", 1 + random.nextInt(100), null, clock.instant());
            }
        }
        assertThat(audit.prove().holds()).as("seed %d", seed).isTrue();

        var user = users.getFirst();
        damage(user, "+ 1");
        var moved = audit.prove();
        var full = proofs.everything();
        damage(user, "- 1");

        assertThat(broken(moved.moved())).as("seed %d", seed).isNotEmpty().isEqualTo(broken(full.moved()));
    }

    @Test
    void damageStopsItsShardAndNoOther() {
        proofs.everything();
        var damaged = customers.with(100, 10);
        customers.spend(damaged, 50);
        var neighbour = customers.withInShard(damaged.shard(), 100);
        var other = customers.withInShard((damaged.shard() + 1) % UserId.SHARDS, 100);
        damage(damaged, "+ 1");

        var proof = audit.prove();

        assertThat(proof.holds()).isFalse();
        assertThat(audit.stops()).singleElement().satisfies(stop -> {
            assertThat(stop.shard()).isEqualTo(damaged.shard());
            assertThat(stop.subject()).isNotBlank();
            assertThat(stop.resumption()).isEmpty();
        });
        assertThatThrownBy(() -> customers.spend(neighbour, 1))
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("shard %d is stopped".formatted(damaged.shard()));
        assertThat(customers.spend(other, 1)).isEqualTo("POSTED");
        assertThat(audit.health().alarming()).isTrue();
        assertThat(runs.last(1))
                .singleElement()
                .satisfies(run -> assertThat(run.holds()).isFalse());

        metrics.refresh();
        assertThat(meters.get("tallyhook.ledger.stopped.shards").gauge().value())
                .isEqualTo(1);
        assertThat(meters.get("tallyhook.ledger.violations")
                        .tag("invariant", "I5-lots-equal-balances")
                        .gauge()
                        .value())
                .isPositive();

        audit.prove();
        assertThat(audit.stops()).as("stopped once, however often it is found").hasSize(1);
        damage(damaged, "- 1");
    }

    @Test
    void aShardIsNotResumedWhileItIsWrong() {
        var user = customers.with(100, 10);
        customers.spend(user, 50);
        damage(user, "+ 1");
        proofs.everything();
        var stop = audit.stops().getFirst();

        assertThatThrownBy(() -> audit.resume(stop.stopId(), "ada", "looks fine to me"))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.status()).isEqualTo(HttpStatus.CONFLICT);
                    assertThat(refusal.detail()).contains("Shard %d is still wrong".formatted(user.shard()), "I5");
                });
        damage(user, "- 1");
        assertThatThrownBy(() -> audit.resume(stop.stopId(), "ada", " ok "))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.status()).isEqualTo(HttpStatus.BAD_REQUEST));
        assertThat(audit.stops()).hasSize(1);

        audit.resume(stop.stopId(), "ada", "restored from the backup");

        assertThat(audit.stops()).isEmpty();
        assertThat(audit.endedStops())
                .first()
                .satisfies(ended -> assertThat(ended.resumption()).hasValueSatisfying(resumption -> {
                    assertThat(resumption.person()).isEqualTo("ada");
                    assertThat(resumption.note()).isEqualTo("restored from the backup");
                }));
        assertThat(customers.spend(user, 1)).isEqualTo("POSTED");
        assertThatThrownBy(() -> audit.resume(stop.stopId(), "bob", "restored again"))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.status()).isEqualTo(HttpStatus.CONFLICT));
    }

    @Test
    void aProofOfAPartDoesNotHoldWhileTheOneItRestsOnDoesNot() {
        var user = customers.with(100, 10);
        customers.spend(user, 50);
        damage(user, "+ 1");
        assertThat(proofs.everything().holds()).isFalse();
        damage(user, "- 1");

        assertThat(audit.prove().moved().holds()).isTrue();
        assertThat(audit.prove().holds()).isFalse();
    }

    @Test
    void aChangedBlockRaisesTheAlarmAndStopsNobody() {
        var user = customers.with(100, 10);
        jdbc.sql("SELECT wallet.seal(now())").query(Long.class).optional();
        superuser.changes("block", "UPDATE wallet.block SET sealed_at = sealed_at + interval '1 second'");
        var proof = proofs.everything();
        superuser.changes("block", "UPDATE wallet.block SET sealed_at = sealed_at - interval '1 second'");

        assertThat(broken(proof.moved())).containsExactly("I12-sealed-is-unchanged");
        assertThat(audit.stops()).isEmpty();
        assertThat(audit.health().alarming()).isTrue();
        assertThat(customers.spend(user, 1)).isEqualTo("POSTED");
    }

    @Test
    void aPersonAsksForACheckOfEverythingAndItIsDueAtOnce() {
        jdbc.sql("UPDATE wallet.job SET due_at = now() + interval '1 day', started_at = NULL WHERE job = 'proof-full'")
                .update();

        assertThat(audit.askForFullProof("ada")).isTrue();

        assertThat(jdbc.sql("SELECT due_at <= now() FROM wallet.job WHERE job = 'proof-full'")
                        .query(Boolean.class)
                        .single())
                .isTrue();
        jdbc.sql("UPDATE wallet.job SET due_at = now() + interval '1 day', started_at = now() WHERE job = 'proof-full'")
                .update();
        assertThat(audit.askForFullProof("ada")).as("while it runs").isFalse();
        jdbc.sql("UPDATE wallet.job SET due_at = '-infinity', started_at = NULL WHERE job = 'proof-full'")
                .update();
    }

    private void damage(UserId user, String by) {
        jdbc.sql("UPDATE wallet.wallet_lot SET bonus_left = bonus_left %s".formatted(by)
                        + " WHERE lot_id = (SELECT max(lot_id) FROM wallet.wallet_lot l JOIN wallet.owner o"
                        + " USING (shard, owner_id) WHERE o.user_id = ? AND l.bonus > 0)")
                .param(user.value())
                .update();
    }

    private static long checked(LedgerProof proof, String invariant) {
        return proof.moved().invariants().stream()
                .filter(one -> one.name().equals(invariant))
                .mapToLong(Invariant::checked)
                .sum();
    }

    private static List<String> broken(ProofRun run) {
        return run.invariants().stream()
                .filter(one -> !one.holds())
                .map(Invariant::name)
                .toList();
    }
}
