package io.tallyhook.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallyhook.benchmarks.Notice.Kind;
import io.tallyhook.benchmarks.OpenPayments.Purpose;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.simple.JdbcClient;
import tallyhook.testing.Chaos;

/** The packaged application is told to stop (SIGTERM) while providers call. */
class StoppedApplicationIntegrationTests {

    private static final List<Provider> PROVIDERS = List.of(new WeChat(), new Alipay());
    private static final Clock CLOCK = Clock.systemUTC();

    /** So that what was taken can be held up, and what is refused be seen, on a slow machine too. */
    private static final List<String> SETTINGS = List.of(
            "--tallyhook.last-call.lasts=4s",
            "--tallyhook.callbacks.warm-up=0s",
            "--tallyhook.intake.patience=40s",
            "--spring.datasource.hikari.data-source-properties.options=-c lock_timeout=40000 -c statement_timeout=40000");

    /** SIGTERM as the exit code of a JVM. */
    private static final int TERMINATED = 128 + 15;

    @Test
    void whatWasTakenIsFinishedWhatIsNewIsRefusedAndItIsGoneInSeconds() throws Exception {
        try (var server = MeasuredServer.start();
                var application = Application.start(server, PROVIDERS, SETTINGS)) {
            var traffic = new Traffic(server.session(), new Random(Chaos.seed("StoppedApplication")), PROVIDERS);
            var open = new OpenPayments(server.session(), CLOCK, new Users("late-caller", 9))
                    .open(2, Purpose.GOODS, PROVIDERS.getFirst().name());
            try (var callers = new Callers(List.of(application.port()));
                    var database = DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password())) {
                callers.tell(traffic.some(2_000));
                await().atMost(Duration.ofMinutes(2)).until(() -> callers.answers() > 300);

                lock(database, open.getFirst());
                try (var taken = new Call(application.port(), paid(open.getFirst()))) {
                    await().atMost(Duration.ofMinutes(1)).until(() -> isHeldUp(database, server.session()));
                    var gone = application.terminate();
                    await().atMost(Duration.ofMinutes(1)).until(() -> isRefused(application, open.getLast()));
                    database.rollback();

                    assertThat(taken.answer(Duration.ofMinutes(1)))
                            .get()
                            .asString()
                            .contains("200", "\"SUCCESS\"");
                    assertThat(gone.get(30, TimeUnit.SECONDS)).isEqualTo(TERMINATED);
                }
                assertThat(callers.surprises()).isEmpty();
                assertThat(callers.acknowledged(Kind.PAID)).hasSizeGreaterThan(100);
                assertThat(notBooked(server.session(), callers)).isEmpty();
            }
        }
    }

    private static byte[] paid(OpenPayment payment) {
        return PROVIDERS.getFirst().paid(payment, CLOCK.instant());
    }

    private static void lock(Connection database, OpenPayment payment) throws SQLException {
        database.setAutoCommit(false);
        try (var statement =
                database.prepareStatement("SELECT FROM payment.payment WHERE out_trade_no = ? FOR UPDATE")) {
            statement.setString(1, payment.outTradeNo());
            statement.execute();
        }
    }

    /** The intake's writer has it in hand, and waits for us. */
    private static boolean isHeldUp(Connection by, JdbcClient jdbc) throws SQLException {
        return jdbc.sql("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE :by = ANY (pg_blocking_pids(pid)))")
                .param("by", by.unwrap(PGConnection.class).getBackendPID())
                .query(Boolean.class)
                .single();
    }

    /** A call that came before the application knew that it stops waits behind the one that is held up. */
    private static boolean isRefused(Application application, OpenPayment payment) throws IOException {
        try (var call = new Call(application.port(), paid(payment))) {
            var answer = call.answer(Duration.ofMillis(300));
            assertThat(answer.orElse("HTTP/1.1 503")).startsWith("HTTP/1.1 503");
            return answer.isPresent();
        }
    }

    private static List<String> notBooked(JdbcClient jdbc, Callers callers) {
        var acknowledged = Arrays.stream(Kind.values())
                .flatMap(kind -> callers.acknowledged(kind).stream())
                .map(OpenPayment::outTradeNo)
                .toArray(String[]::new);
        return jdbc.sql("""
                        SELECT out_trade_no FROM payment.payment
                        WHERE out_trade_no = ANY (:numbers) AND state <> 'PAID'
                        """)
                .param("numbers", acknowledged)
                .query((row, number) -> row.getString(1))
                .list();
    }
}
