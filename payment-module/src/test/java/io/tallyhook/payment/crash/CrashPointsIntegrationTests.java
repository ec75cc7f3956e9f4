package io.tallyhook.payment.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.ModuleTestApplication;
import io.tallyhook.payment.Door;
import io.tallyhook.payment.GoodsShop;
import io.tallyhook.payment.GoodsTakenBack;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.Till;
import io.tallyhook.payment.asking.AskProvider;
import io.tallyhook.payment.asking.Asker;
import io.tallyhook.payment.asking.AskingSettings;
import io.tallyhook.payment.fulfilment.Broom;
import io.tallyhook.payment.fulfilment.Sweep;
import io.tallyhook.payment.policy.PolicyBroom;
import io.tallyhook.payment.refund.RefundBroom;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestPropertySource;
import org.springframework.transaction.PlatformTransactionManager;
import tallyhook.testing.FreshDatabase;
import tallyhook.testing.Mortality;
import tallyhook.testing.Mortality.Moment;
import tallyhook.testing.WeChatNotification;
import tallyhook.testing.WeChatPayServer;

/**
 * On each way the process is killed at every point at which something changes outside of it, once before and once after it: each
 * commit that writes, and each call of the provider, which speaks its real protocol. The points are found by going: the first is
 * fatal, then the second, until a way is gone to its end. After each death the next life must keep the promise.
 */
@ApplicationModuleTest(classes = ModuleTestApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = FreshDatabase.class)
@Import({GoodsShop.class, Mortality.class, RefundBroom.class, PolicyBroom.class})
@TestPropertySource(
        properties = {
            "tallyhook.fulfilment.sweep-every=1d",
            "tallyhook.refunds.sweep-every=1d",
            "tallyhook.refunds.second-person-above=3000",
            // Many would only look in vain, at a point each.
            "tallyhook.refunds.threads=1",
            "tallyhook.policies.sweep-every=1d",
            "tallyhook.board.count-every=1d",
            "tallyhook.inspection.every=1d"
        })
class CrashPointsIntegrationTests {

    /** No way is that long: one that never ends is not taken for one that was gone. */
    private static final int MOST_POINTS = 40;

    private static final AskingSettings ASKING = new AskingSettings(
            false,
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            Duration.ofDays(1),
            Duration.ofMinutes(5),
            Duration.ofSeconds(10),
            Duration.ofMinutes(2),
            1_000,
            20,
            Duration.ofMinutes(1),
            Duration.ofDays(90));

    private static final List<String> TOLD_NOTHING =
            List.of("io.tallyhook", "org.springframework", "com.zaxxer.hikari");

    private final Mortality mortality;
    private final Ground ground;
    private final Door door;
    private final LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());

    CrashPointsIntegrationTests(
            Mortality mortality,
            Payments payments,
            Refunds refunds,
            Till till,
            WeChatPayServer provider,
            GoodsTakenBack goods,
            Sweep sweep,
            RefundBroom refundSweep,
            PolicyBroom policies,
            AskProvider asking,
            PlatformTransactionManager transactions,
            JdbcClient jdbc,
            Door door,
            Environment environment) {
        this.mortality = mortality;
        this.door = door;
        var direct = new DriverManagerDataSource(
                environment.getRequiredProperty("spring.datasource.url"), "postgres", "postgres");
        this.ground = new Ground(
                payments,
                refunds,
                till,
                provider,
                goods,
                new Broom(sweep),
                refundSweep,
                policies,
                new Asker(jdbc, transactions, asking, ASKING, Clock.systemUTC(), RandomGenerator.getDefault()),
                this::brings,
                JdbcClient.create(direct));
    }

    @BeforeEach
    void theProviderIsReachedByTheLivingOnly() {
        TOLD_NOTHING.forEach(name -> logging.setLogLevel(name, LogLevel.OFF));
        Mortality.theDeadAreSilent();
        ground.provider().reachedBy(call -> () -> {
            try {
                return mortality.point("the provider", call::get);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @AfterEach
    void allIsWellAgain() {
        var _ = mortality.restarts();
        ground.provider().reachedBy(call -> call);
        TOLD_NOTHING.forEach(name -> logging.setLogLevel(name, null));
    }

    @ParameterizedTest
    @EnumSource
    void whereverItIsKilledOnThisWayThePromiseIsKept(Way way) {
        var points = goneToItsEnd(way, Moment.BEFORE);
        System.out.printf("Crash points of %s: %s%n", way, points);
        assertThat(points).as("points of %s", way).hasSizeGreaterThan(1);
        assertThat(goneToItsEnd(way, Moment.AFTER)).as("points of %s", way).hasSizeGreaterThan(1);
    }

    /** @return the points of the trip on which nobody died */
    private List<String> goneToItsEnd(Way way, Moment moment) {
        for (int at = 1; at <= MOST_POINTS; at++) {
            ground.nobodyElseIsAsked();
            var trip = way.begins(ground);
            mortality.dies(at, moment);
            happens(trip);
            await(way, at, moment).until(() -> mortality.hasStruck() || isAtItsEnd(trip));
            boolean struck = mortality.hasStruck();
            var points = mortality.restarts();
            if (!struck) {
                return points;
            }
            await(way, at, moment).until(() -> recovers(trip));
        }
        throw new AssertionError("The way %s has no end".formatted(way));
    }

    private static ConditionFactory await(Way way, int at, Moment moment) {
        return Awaitility.await("%s, killed %s point %d".formatted(way, moment, at))
                // The dead die on many threads.
                .dontCatchUncaughtExceptions()
                .atMost(Way.PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20));
    }

    private void happens(Trip trip) {
        try {
            trip.happens().run();
        } catch (RuntimeException | Error e) {
            if (!mortality.hasStruck()) {
                throw e;
            }
        }
    }

    private boolean isAtItsEnd(Trip trip) {
        try {
            return trip.kept().getAsBoolean()
                    && ground.nothingIsStuck(trip.outTradeNo())
                    && ground.noListenerWorksOn(trip.outTradeNo());
        } catch (RuntimeException e) {
            if (!mortality.hasStruck()) {
                throw e;
            }
            return false;
        }
    }

    /** The callers repeat what was not answered, and what runs by itself runs on. */
    private boolean recovers(Trip trip) {
        return Ground.well(() -> {
                    ground.timePasses();
                    trip.again().run();
                    ground.worksOn();
                })
                && trip.kept().getAsBoolean()
                && ground.nothingIsStuck(trip.outTradeNo());
    }

    private boolean brings(WeChatNotification notice) {
        try {
            return door.send(notice).body().equals("{\"code\":\"SUCCESS\"}");
        } catch (UncheckedIOException e) {
            return false;
        }
    }
}
