package io.tallyhook.payment.booking;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

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
import tallyhook.testing.SmallDisk;

/**
 * The database in trouble under a stream of callbacks: killed, held still, its connections cut, its table locked, its disk full. Nothing is
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

    /** The log has no room; so nothing may be booked either. */
    @Test
    void whileItsDiskIsFull() throws Exception {
        try (var disk = SmallDisk.ofMegabytes(16)) {
            callbacks.loseNothingWhen(() -> {
                moveLogTo(disk);
                fillUp();
                await().atMost(Duration.ofMinutes(1)).until(() -> callbacks.isToldToComeAgain(till.opened("wechat")));
                direct.sql("DROP TABLE filler").update();
            });
            moveLogBack();
        }
    }

    private void moveLogTo(SmallDisk disk) {
        direct.sql("CREATE TABLESPACE small LOCATION '%s'".formatted(disk.folder()))
                .update();
        direct.sql("ALTER TABLE %s SET TABLESPACE small".formatted(logOfThisMonth()))
                .update();
        direct.sql("CREATE TABLE filler (something text) TABLESPACE small").update();
        direct.sql("ALTER TABLE filler ALTER COLUMN something SET STORAGE PLAIN")
                .update();
    }

    private void moveLogBack() {
        direct.sql("ALTER TABLE %s SET TABLESPACE pg_default".formatted(logOfThisMonth()))
                .update();
        direct.sql("DROP TABLESPACE small").update();
    }

    /** By single rows of a page each, until there is no page left. */
    private void fillUp() {
        assertThatThrownBy(() -> {
                    for (int megabyte = 0; megabyte < 100; megabyte++) {
                        for (int page = 0; page < 128; page++) {
                            direct.sql("INSERT INTO filler VALUES (repeat('x', 7000))")
                                    .update();
                        }
                    }
                })
                .hasStackTraceContaining("No space left on device");
    }

    private String logOfThisMonth() {
        return direct.sql("""
                        SELECT inhrelid::regclass::text FROM pg_inherits
                        WHERE inhparent = 'payment.callback'::regclass
                          AND inhrelid::regclass::text = to_char(now() AT TIME ZONE 'UTC', '"payment.callback_"YYYY_MM')
                        """).query(String.class).single();
    }
}
