package io.tallyhook.payment.booking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallyhook.ModuleTestApplication;
import io.tallyhook.payment.Door;
import io.tallyhook.payment.GoodsShop;
import io.tallyhook.payment.Till;
import io.tallyhook.payment.fulfilment.Broom;
import io.tallyhook.payment.fulfilment.Sweep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestPropertySource;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.Chaos;
import tallyhook.testing.MortalDatabase;
import tallyhook.testing.WeChatNotification;

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
            "spring.threads.virtual.enabled=true",
            "spring.datasource.hikari.maximum-pool-size=10"
        })
class DatabaseInTroubleIntegrationTests {

    private static final int PAYMENTS = 150;
    private static final int LINES = 6;
    private static final Duration HEALED = Duration.ofMinutes(3);
    private static final List<String> LOUD =
            List.of("io.tallyhook", "com.zaxxer.hikari", "org.springframework", "org.postgresql");

    private final DriverManagerDataSource besides =
            new DriverManagerDataSource(MortalDatabase.server().url(), "postgres", "postgres");
    private final JdbcClient direct = JdbcClient.create(besides);
    private final Door door;
    private final Till till;
    private final Broom broom;
    private final LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());

    DatabaseInTroubleIntegrationTests(Door door, Till till, Sweep sweep) {
        this.door = door;
        this.till = till;
        this.broom = new Broom(sweep);
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
            assertNothingIsLostWhen(() -> MortalDatabase.server().dieAndRise());
        } while (System.nanoTime() < end);
    }

    /** Longer than a provider waits. */
    @Test
    void whileItIsHeldStill() throws Exception {
        assertNothingIsLostWhen(() -> {
            var probe = till.opened("wechat");
            MortalDatabase.server().holdStill();
            try {
                assertThat(send(probe)).isEqualTo("{\"code\":\"FAIL\",\"message\":\"OUR_FAULT\"}");
            } finally {
                MortalDatabase.server().goOn();
            }
        });
    }

    @Test
    void whileAllItsConnectionsAreCut() throws Exception {
        assertNothingIsLostWhen(() -> {
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
        assertNothingIsLostWhen(() -> {
            var probe = till.opened("wechat");
            transaction.executeWithoutResult(status -> {
                direct.sql("LOCK TABLE payment.payment IN ACCESS EXCLUSIVE MODE")
                        .update();
                assertThat(send(probe)).isEqualTo("{\"code\":\"FAIL\",\"message\":\"OUR_FAULT\"}");
            });
        });
    }

    private interface Trouble {

        void happens() throws Exception;
    }

    private void assertNothingIsLostWhen(Trouble trouble) throws Exception {
        var opened = new ArrayList<String>();
        for (int n = 0; n < PAYMENTS; n++) {
            opened.add(till.opened("wechat"));
        }
        var toSend = new ConcurrentLinkedQueue<>(opened);
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        var answers = new AtomicInteger();
        try (var threads = Executors.newFixedThreadPool(LINES)) {
            var lines = new ArrayList<Future<Void>>();
            for (int line = 0; line < LINES; line++) {
                lines.add(threads.submit(line(toSend, acknowledged, answers)));
            }
            await().atMost(HEALED).pollInterval(Duration.ofMillis(5)).until(() -> answers.get() >= 10);
            trouble.happens();
            for (var line : lines) {
                line.get(HEALED.toSeconds(), TimeUnit.SECONDS);
            }
        }
        assertThat(acknowledged).containsExactlyInAnyOrderElementsOf(opened);
        areBookedOnce(opened);
        areHandedOutOnce(opened);
    }

    /** Sends until all are acknowledged. */
    private Callable<Void> line(ConcurrentLinkedQueue<String> toSend, Set<String> acknowledged, AtomicInteger answers) {
        return () -> {
            for (String outTradeNo; (outTradeNo = toSend.poll()) != null; ) {
                if (send(outTradeNo).equals("{\"code\":\"SUCCESS\"}")) {
                    acknowledged.add(outTradeNo);
                    answers.incrementAndGet();
                } else {
                    toSend.add(outTradeNo);
                }
            }
            return null;
        };
    }

    private void areBookedOnce(List<String> opened) {
        assertThat(direct.sql("""
                                SELECT t FROM unnest(:numbers::text[]) t JOIN payment.payment p ON p.out_trade_no = t
                                WHERE p.state <> 'PAID'
                                   OR (SELECT count(*) FROM payment.callback c
                                       WHERE c.out_trade_no = t AND c.outcome = 'CONFIRMED') <> 1
                                """)
                        .param("numbers", opened.toArray(String[]::new))
                        .query(String.class)
                        .list())
                .as("acknowledged and not booked once")
                .isEmpty();
    }

    private void areHandedOutOnce(List<String> opened) {
        await().atMost(HEALED).until(() -> nothingIsDue(opened));
        assertThat(opened)
                .allSatisfy(outTradeNo -> assertThat(till.handedOut(outTradeNo)).isEqualTo(1));
    }

    private boolean nothingIsDue(List<String> opened) {
        try {
            opened.forEach(till::leaseEnds);
            broom.use();
            return opened.stream()
                    .allMatch(outTradeNo -> till.payment(outTradeNo).nextAttemptAt() == null);
        } catch (DataAccessException | TransactionException stillBroken) {
            return false;
        }
    }

    private String send(String outTradeNo) {
        return door.send(WeChatNotification.paid(outTradeNo, 1999)).body();
    }
}
