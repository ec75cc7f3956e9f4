package io.tallyhook.payment.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.ModuleTestApplication;
import io.tallyhook.payment.Fulfilments;
import io.tallyhook.payment.GiveUpRefunds;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.asking.AskProvider;
import io.tallyhook.payment.asking.Asker;
import io.tallyhook.payment.board.Repairs;
import io.tallyhook.payment.booking.ConfirmPayments;
import io.tallyhook.payment.booking.Decide;
import io.tallyhook.payment.booking.PaymentsUnderDecision;
import io.tallyhook.payment.fulfilment.Broom;
import io.tallyhook.payment.fulfilment.FulfilmentSettings;
import io.tallyhook.payment.fulfilment.Sweep;
import io.tallyhook.payment.policy.PoliciesInMemory;
import io.tallyhook.payment.policy.PolicyBroom;
import io.tallyhook.payment.refund.RefundBroom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestPropertySource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.Chaos;
import tallyhook.testing.FreshDatabase;

/**
 * The same stories on PostgreSQL, through the module's own classes. Whatever can be seen is compared with the store in memory
 * after each step: so what the long simulation finds, or does not find, is true of the SQL too.
 */
@ApplicationModuleTest(classes = ModuleTestApplication.class)
@ContextConfiguration(initializers = FreshDatabase.class)
@Import(SimulatedShop.class)
@TestPropertySource(
        properties = {
            "tallyhook.fulfilment.sweep-every=1d",
            "tallyhook.refunds.sweep-every=1d",
            "tallyhook.refunds.second-person-above=" + House.SECOND_PERSON_ABOVE,
            "tallyhook.policies.sweep-every=1d",
            "tallyhook.policies.refund-at-most=" + PoliciesInMemory.REFUND_AT_MOST,
            "tallyhook.policies.credit-at-most=" + PoliciesInMemory.CREDIT_AT_MOST,
            "tallyhook.policies.card.late=CREDIT_TO_WALLET",
            "tallyhook.policies.card.surplus=CREDIT_TO_WALLET",
            "tallyhook.policies.card.cancelled=CREDIT_TO_WALLET",
            "tallyhook.policies.vip.late=REFUND",
            "tallyhook.policies.vip.cancelled=ASK",
            "tallyhook.board.count-every=1d",
            "tallyhook.inspection.every=1d",
            "tallyhook.fulfilment.max-attempts=5",
            "spring.datasource.hikari.connection-init-sql=" + PostgresWorld.SEARCH_PATH
        })
class SimulationOnPostgresIntegrationTests {

    private static final int STORIES = 10;
    private static final int BANK_STORIES = 8;
    private static final int LINES = 20;

    private final Supplier<World> worlds;
    private final Function<List<String>, PostgresHouse> houses;
    private final Stage stage;
    private int stories;
    private final LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());

    SimulationOnPostgresIntegrationTests(
            Payments payments,
            ConfirmPayments confirmPayments,
            PaymentsUnderDecision underDecision,
            Fulfilments fulfilments,
            Sweep sweep,
            SimulatedShop.Ears ears,
            PlatformTransactionManager transactions,
            JdbcClient jdbc,
            FulfilmentSettings settings,
            Refunds refunds,
            Repairs repairs,
            GiveUpRefunds giveUp,
            RefundBroom refundSweep,
            PolicyBroom policies,
            AskProvider provider,
            StoryClock clock,
            RandomGenerator random,
            Stage stage) {
        this.stage = stage;
        Supplier<PostgresWorld> postgres = () -> new PostgresWorld(
                payments,
                confirmPayments,
                underDecision,
                fulfilments,
                new Broom(sweep),
                refundSweep,
                ears,
                new TransactionTemplate(transactions),
                jdbc);
        this.worlds = () -> new TwinWorld(postgres.get(), new MemoryWorld(Decide::decide, settings));
        var asker = new Asker(jdbc, transactions, provider, MemoryHouse.ASKING, clock, random);
        this.houses = numbers -> new PostgresHouse(
                postgres.get(),
                payments,
                refunds,
                repairs,
                giveUp,
                refundSweep,
                asker,
                provider,
                policies,
                clock,
                jdbc,
                numbers,
                stories++);
    }

    /** Thousands of failures are told otherwise. */
    @BeforeEach
    void silence() {
        logging.setLogLevel("io.tallyhook.payment", LogLevel.OFF);
    }

    @AfterEach
    void speakAgain() {
        logging.setLogLevel("io.tallyhook.payment", null);
    }

    @Test
    void theStoreInMemoryAndPostgresqlAgreeAfterEveryStep() {
        var seeds = new SplittableRandom(Chaos.seed("SimulationOnPostgres"));
        long end = System.nanoTime() + Chaos.lasting(Duration.ZERO).toNanos();
        int told = 0;
        while (told < STORIES || System.nanoTime() < end) {
            new Play(seeds.nextLong(), worlds).tell();
            told++;
        }
        System.out.printf("SimulationOnPostgres: %,d steps%n", told * Play.STEPS);
    }

    /** The whole story is told twice, and each line of it must be the same: what was done, and how all stood after it. */
    @Test
    void moneyThatGoesBackAskingAndPoliciesAgreeAfterEveryStep() {
        var seeds = new SplittableRandom(Chaos.seed("BankSimulationOnPostgres"));
        long end = System.nanoTime() + Chaos.lasting(Duration.ZERO).toNanos();
        int told = 0;
        while (told < BANK_STORIES || System.nanoTime() < end) {
            toldTwice(seeds.nextLong());
            told++;
        }
        System.out.printf("BankSimulationOnPostgres: %,d steps%n", told * BankPlay.STEPS);
    }

    private void toldTwice(long seed) {
        var numbers = new ArrayList<String>();
        var onPostgres = new BankPlay(seed, (bank, floor) -> {
                    stage.isPlayedBy(bank, floor);
                    return houses.apply(numbers);
                })
                .log();
        var inMemory = BankPlay.inMemory(seed, numbers).log();
        for (int line = 0; line < Math.max(onPostgres.size(), inMemory.size()); line++) {
            var soFar = onPostgres.subList(Math.max(0, line - LINES), Math.min(line, onPostgres.size()));
            assertThat(line < inMemory.size() ? inMemory.get(line) : "the end")
                    .as("seed %d, in memory, after %s", seed, String.join("\n", soFar))
                    .isEqualTo(line < onPostgres.size() ? onPostgres.get(line) : "the end");
        }
    }
}
