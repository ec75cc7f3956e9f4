package io.tallyhook.payment.booking;

import io.tallyhook.ModuleTestApplication;
import io.tallyhook.payment.Door;
import io.tallyhook.payment.GoodsShop;
import io.tallyhook.payment.Till;
import io.tallyhook.payment.fulfilment.Broom;
import io.tallyhook.payment.fulfilment.Sweep;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestPropertySource;
import tallyhook.testing.ReplicatedDatabase;

/** The primary dies under a stream of callbacks and its synchronous standby takes over: what was acknowledged is there. */
@ApplicationModuleTest(classes = ModuleTestApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = ReplicatedDatabase.class)
@Import(GoodsShop.class)
@DirtiesContext
@TestPropertySource(
        properties = {
            "tallyhook.fulfilment.sweep-every=1d",
            "tallyhook.refunds.sweep-every=1d",
            "spring.threads.virtual.enabled=true",
            "spring.datasource.hikari.maximum-pool-size=10"
        })
class FailOverIntegrationTests {

    private static final List<String> LOUD =
            List.of("io.tallyhook", "com.zaxxer.hikari", "org.springframework", "org.postgresql");

    private final LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
    private final CallbackStream callbacks;

    FailOverIntegrationTests(Door door, Till till, Sweep sweep) {
        var primary = new DriverManagerDataSource(ReplicatedDatabase.url(), "postgres", "postgres");
        callbacks = new CallbackStream(door, till, new Broom(sweep), JdbcClient.create(primary));
    }

    @BeforeEach
    void silence() {
        LOUD.forEach(name -> logging.setLogLevel(name, LogLevel.OFF));
    }

    @AfterEach
    void speakAgain() {
        LOUD.forEach(name -> logging.setLogLevel(name, null));
    }

    @Test
    void whatThePrimaryHasAcknowledgedIsOnTheStandbyAndTheRestIsBookedThere() throws Exception {
        callbacks.loseNothingWhen(ReplicatedDatabase::failOver);
    }
}
