package io.tallyhook.payment.booking;

import io.tallyhook.ModuleTestApplication;
import io.tallyhook.payment.Door;
import io.tallyhook.payment.GoodsShop;
import io.tallyhook.payment.Till;
import io.tallyhook.payment.fulfilment.Broom;
import io.tallyhook.payment.fulfilment.Sweep;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestPropertySource;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.Chaos;
import tallyhook.testing.MortalDatabase;

/**
 * The database in trouble under a stream of callbacks: killed, held still, its connections cut, its table locked. Nothing is
 * acknowledged that is not durable, and all goes on by itself.
 */
@ApplicationModuleTest(classes = ModuleTestApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = MortalDatabase.class)
@Import(GoodsShop.class)
@TestPropertySource(
        properties = {
            "tallyhook.fulfilment.sweep-every=1d",
            "tallyhook.refunds.sweep-every=1d",
            "spring.threads.virtual.enabled=true",
            "spring.datasource.hikari.maximum-pool-size=10"
        })
class DatabaseInTroubleIntegrationTests {

    private static final List<String> LOUD =
            List.of("io.tallyhook", "com.zaxxer.hikari", "org.springframework", "org.postgresql");

    private final DriverManagerDataSource besides =
            new DriverManagerDataSource(MortalDatabase.server().url(), "postgres", "postgres");
    private final JdbcClient direct = JdbcClient.create(besides);
    private final CallbackStream callbacks;
    private final Till till;
    private final LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());

    DatabaseInTroubleIntegrationTests(Door door, Till till, Sweep sweep) {
        this.callbacks = new CallbackStream(door, till, new Broom(sweep), direct);
        this.till = till;
    }

    /** What is meant to fail need not be told. */
    @BeforeEach
    void silence() {
        LOUD.forEach(name -> logging.setLogLevel(name, LogLevel.OFF));
    }

    @AfterEach
    void speakAgain() {
        LOUD.forEach(name -> logging.setLogLevel(name, null));
    }

    @Test
    void whileItIsKilledAndStartedAgain() throws Exception {
        long end = System.nanoTime() + Chaos.lasting(Duration.ZERO).toNanos();
        do {
            callbacks.loseNothingWhen(() -> MortalDatabase.server().dieAndRise());
        } while (System.nanoTime() < end);
    }

    /** Longer than a provider waits. */
    @Test
    void whileItIsHeldStill() throws Exception {
        callbacks.loseNothingWhen(() -> {
            var probe = till.opened("wechat");
            MortalDatabase.server().holdStill();
            try {
                callbacks.areToldToComeAgain(probe);
            } finally {
                MortalDatabase.server().goOn();
            }
        });
    }

    @Test
    void whileAllItsConnectionsAreCut() throws Exception {
        callbacks.loseNothingWhen(() -> {
            for (int times = 0; times < 3; times++) {
                direct.sql("""
                                SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                                WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'
                                """).query(Long.class).single();
            }
        });
    }

    /** Longer than the lock time-out, so that statements fail while the server is well. */
    @Test
    void whileItsTableIsLocked() throws Exception {
        var transaction = new TransactionTemplate(new DataSourceTransactionManager(besides));
        callbacks.loseNothingWhen(() -> {
            var probe = till.opened("wechat");
            transaction.executeWithoutResult(status -> {
                direct.sql("LOCK TABLE payment.payment IN ACCESS EXCLUSIVE MODE")
                        .update();
                callbacks.areToldToComeAgain(probe);
            });
        });
    }
}
