package io.tallyhook.payment.booking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallyhook.ModuleTestApplication;
import io.tallyhook.payment.Door;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.GoodsShop;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Till;
import io.tallyhook.payment.fulfilment.Broom;
import io.tallyhook.payment.fulfilment.Sweep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestPropertySource;
import org.springframework.transaction.TransactionException;
import tallyhook.testing.Chaos;
import tallyhook.testing.Fault;
import tallyhook.testing.Fault.Ending;
import tallyhook.testing.FaultProxy;
import tallyhook.testing.FaultyDatabase;
import tallyhook.testing.WeChatNotification;

/**
 * A bad network between the application and its database: success is never answered while it is not known that the fact is
 * durable, and when the network is well again all goes on by itself.
 */
@ApplicationModuleTest(classes = ModuleTestApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = FaultyDatabase.class)
@Import(GoodsShop.class)
@TestPropertySource(
        properties = {
            "tallyhook.fulfilment.sweep-every=1d",
            "tallyhook.refunds.sweep-every=1d",
            "tallyhook.intake.patience=2s",
            "spring.datasource.hikari.maximum-pool-size=6"
        })
class DatabaseOverABadNetworkIntegrationTests {

    private static final String SUCCESS = "{\"code\":\"SUCCESS\"}";
    private static final Duration HEALED = Duration.ofMinutes(2);

    private final FaultProxy network = FaultyDatabase.network();
    private final JdbcClient direct =
            JdbcClient.create(new DriverManagerDataSource(FaultyDatabase.directUrl(), "postgres", "postgres"));
    private final Door door;
    private final Till till;
    private final Broom broom;
    private final LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());

    DatabaseOverABadNetworkIntegrationTests(Door door, Till till, Sweep sweep) {
        this.door = door;
        this.till = till;
        this.broom = new Broom(sweep);
    }

    /** What is meant to fail need not be told. */
    @BeforeEach
    void silence() {
        List.of("io.tallyhook", "com.zaxxer.hikari", "org.springframework")
                .forEach(name -> logging.setLogLevel(name, LogLevel.OFF));
    }

    @AfterEach
    void allIsWellAgain() {
        network.heal();
        List.of("io.tallyhook", "com.zaxxer.hikari", "org.springframework")
                .forEach(name -> logging.setLogLevel(name, null));
    }

    @Test
    void ifTheAnswerToTheCommitIsLostNothingIsPromisedAndTheRepeatFindsItBooked() {
        var outTradeNo = till.opened("wechat");
        network.whenSent("COMMIT", () -> network.toClient(new Fault.Limited(0, Ending.RESET)));

        assertThat(send(outTradeNo)).isNotEqualTo(SUCCESS);

        await().atMost(HEALED).until(() -> state(outTradeNo).equals("PAID"));
        network.heal();
        isAcknowledgedInTheEnd(outTradeNo);
        assertThat(outcomes(outTradeNo)).startsWith("CONFIRMED").contains("DUPLICATE");
        isHandedOutOnce(outTradeNo);
    }

    @Test
    void ifTheCommitIsLostNothingIsPromisedAndTheRepeatBooksIt() {
        var outTradeNo = till.opened("wechat");
        network.whenSent("COMMIT", () -> network.toServer(new Fault.Limited(0, Ending.RESET)));

        assertThat(send(outTradeNo)).isNotEqualTo(SUCCESS);

        assertThat(state(outTradeNo)).isEqualTo("PENDING");
        network.heal();
        isAcknowledgedInTheEnd(outTradeNo);
        assertThat(outcomes(outTradeNo)).containsExactly("CONFIRMED");
        isHandedOutOnce(outTradeNo);
    }

    /**
     * Each commit on the way from a callback to what was bought, in the order in which they happen to come: the intake's, the
     * listener's, those of the event registry. Once it gets lost, once its answer does, and with it every connection.
     */
    @ParameterizedTest
    @CsvSource({
        "1, LOST",
        "1, ANSWER_LOST",
        "2, LOST",
        "2, ANSWER_LOST",
        "3, LOST",
        "3, ANSWER_LOST",
        "4, LOST",
        "4, ANSWER_LOST"
    })
    void wheneverItIsCutOffAtACommitItIsBookedAndHandedOutOnce(int commit, Cut cut) {
        var outTradeNo = till.opened("wechat");
        atCommit(commit, () -> {
            if (cut == Cut.LOST) {
                network.cut();
            } else {
                network.toClient(new Fault.Limited(0, Ending.RESET));
            }
        });

        boolean acknowledged = send(outTradeNo).equals(SUCCESS);

        assertThat(acknowledged && !state(outTradeNo).equals("PAID")).isFalse();
        // Some of the commits come later, while the provider repeats what it has to tell.
        isAcknowledgedInTheEnd(outTradeNo);
        assertThat(outcomes(outTradeNo).stream().filter("CONFIRMED"::equals)).hasSize(1);
        isHandedOutOnce(outTradeNo);
        network.whenSent("never", () -> {});
    }

    private enum Cut {
        LOST,
        ANSWER_LOST
    }

    private void atCommit(int which, Runnable then) {
        network.whenSent("COMMIT", which == 1 ? then : () -> atCommit(which - 1, then));
    }

    /** What the network does while a callback comes, and whether it could be booked all the same. */
    enum Trouble {
        STALLED {
            @Override
            void begins(FaultProxy network) {
                network.both(new Fault.Stalled());
            }
        },
        BLACK_HOLE {
            @Override
            void begins(FaultProxy network) {
                network.both(new Fault.BlackHole());
            }
        },
        CUT {
            @Override
            void begins(FaultProxy network) {
                network.refuse();
                network.cut();
            }
        },
        CUT_SHORT {
            @Override
            void begins(FaultProxy network) {
                network.toClient(new Fault.Limited(40, Ending.CLOSE));
            }
        };

        abstract void begins(FaultProxy network);
    }

    @ParameterizedTest
    @EnumSource
    void whileTheDatabaseCannotBeReachedNothingIsPromisedAndAfterwardsItIsBookedOnce(Trouble trouble) {
        var outTradeNo = till.opened("wechat");
        trouble.begins(network);

        assertThat(send(outTradeNo)).isEqualTo("{\"code\":\"FAIL\",\"message\":\"OUR_FAULT\"}");

        network.heal();
        isAcknowledgedInTheEnd(outTradeNo);
        isHandedOutOnce(outTradeNo);
    }

    @Test
    void aSlowNetworkThatSlicesEverythingOnlyTakesLonger() {
        var outTradeNo = till.opened("wechat");
        network.both(new Fault.Sliced(64));
        assertThat(send(outTradeNo)).isEqualTo(SUCCESS);

        var another = till.opened("wechat");
        network.toClient(new Fault.Late(Duration.ofMillis(20)));
        await().atMost(HEALED).until(() -> send(another).equals(SUCCESS));

        isHandedOutOnce(outTradeNo);
        isHandedOutOnce(another);
    }

    @Test
    void whateverHappensToTheNetworkWhatWasAcknowledgedIsBookedOnce() {
        var random = new Random(Chaos.seed("DatabaseOverABadNetwork"));
        long end = System.nanoTime() + Chaos.lasting(Duration.ZERO).toNanos();
        for (int round = 0; round < 6 || System.nanoTime() < end; round++) {
            var opened = new ArrayList<String>();
            for (int n = 0; n < 4; n++) {
                opened.add(till.opened("wechat"));
            }
            network.both(fault(random));
            var acknowledged = opened.stream()
                    .filter(outTradeNo -> send(outTradeNo).equals(SUCCESS))
                    .toList();
            assertThat(acknowledged)
                    .allSatisfy(outTradeNo -> assertThat(state(outTradeNo)).isEqualTo("PAID"));
            network.heal();
            opened.forEach(this::isAcknowledgedInTheEnd);
            opened.forEach(this::isHandedOutOnce);
        }
    }

    private static Fault fault(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> new Fault.Limited(random.nextInt(4_000), Ending.RESET);
            case 1 -> new Fault.Limited(random.nextInt(4_000), Ending.CLOSE);
            case 2 -> new Fault.Late(Duration.ofMillis(random.nextInt(30)));
            case 3 -> new Fault.Sliced(1 + random.nextInt(200));
            default -> new Fault.SlowClose(Duration.ofMillis(random.nextInt(200)));
        };
    }

    private String send(String outTradeNo) {
        return door.send(WeChatNotification.paid(outTradeNo, 1999)).body();
    }

    /** The provider comes again until it is told; the network is well. */
    private void isAcknowledgedInTheEnd(String outTradeNo) {
        await().atMost(HEALED).until(() -> {
            network.heal();
            return send(outTradeNo).equals(SUCCESS);
        });
        assertThat(state(outTradeNo)).isEqualTo("PAID");
    }

    private void isHandedOutOnce(String outTradeNo) {
        await().atMost(HEALED)
                .until(() -> well(() -> {
                    till.leaseEnds(outTradeNo);
                    broom.use();
                    return till.payment(outTradeNo).fulfilment() == FulfilmentState.SUCCEEDED;
                }));
        assertThat(till.payment(outTradeNo).state()).isEqualTo(PaymentState.PAID);
        assertThat(till.handedOut(outTradeNo)).isEqualTo(1);
    }

    /** Broken connections may still be in the pool. */
    private static boolean well(Supplier<Boolean> question) {
        try {
            return question.get();
        } catch (DataAccessException | TransactionException e) {
            return false;
        }
    }

    private String state(String outTradeNo) {
        return direct.sql("SELECT state FROM payment.payment WHERE out_trade_no = :outTradeNo")
                .param("outTradeNo", outTradeNo)
                .query(String.class)
                .single();
    }

    private List<String> outcomes(String outTradeNo) {
        return direct.sql(
                        "SELECT outcome FROM payment.callback WHERE out_trade_no = :outTradeNo ORDER BY received_at, id")
                .param("outTradeNo", outTradeNo)
                .query((row, number) -> row.getString("outcome"))
                .list();
    }
}
