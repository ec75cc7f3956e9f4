package io.tallyhook.payment.simulation;

import io.tallyhook.ModuleTestApplication;
import io.tallyhook.payment.Fulfilments;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.booking.ConfirmPayments;
import io.tallyhook.payment.booking.Decide;
import io.tallyhook.payment.booking.PaymentsUnderDecision;
import io.tallyhook.payment.fulfilment.Broom;
import io.tallyhook.payment.fulfilment.FulfilmentSettings;
import io.tallyhook.payment.fulfilment.Sweep;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.Supplier;
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
            "tallyhook.policies.sweep-every=1d",
            "tallyhook.fulfilment.max-attempts=5",
            "spring.datasource.hikari.connection-init-sql=" + PostgresWorld.SEARCH_PATH
        })
class SimulationOnPostgresIntegrationTests {

    private static final int STORIES = 10;

    private final Supplier<World> worlds;
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
            FulfilmentSettings settings) {
        this.worlds = () -> new TwinWorld(
                new PostgresWorld(
                        payments,
                        confirmPayments,
                        underDecision,
                        fulfilments,
                        new Broom(sweep),
                        ears,
                        new TransactionTemplate(transactions),
                        jdbc),
                new MemoryWorld(Decide::decide, settings));
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
}
