package io.tallyhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentRequest;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import io.tallyhook.payment.provider.wechat.WeChatAccountSource;
import io.tallyhook.wallet.Hold;
import io.tallyhook.wallet.Holds;
import io.tallyhook.wallet.RechargePackage;
import io.tallyhook.wallet.Wallets;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import tallyhook.testing.FreshDatabase;
import tallyhook.testing.TestAccounts;
import tallyhook.testing.WeChatNotification;

/** Two instances on one database, on machines of which one is twelve minutes ahead and the other twelve minutes behind. */
class InstancesWithDifferentClocksIntegrationTests {

    private static final UserId USER = new UserId("li-hua");

    @Test
    void theyAgreeWhatTimeItIsAndWhatIsOverEndsOnceAndNothingTooEarly() throws Exception {
        var database = FreshDatabase.create();
        try (var behind = new Instance(database, "-PT12M");
                var ahead = new Instance(database, "PT12M")) {
            assertThat(behind.apart()).isLessThan(Duration.ofSeconds(30));
            assertThat(ahead.apart()).isLessThan(Duration.ofSeconds(30));

            var recharge = behind.recharge();
            var replies = CompletableFuture.allOf(behind.told(recharge), ahead.told(recharge));
            replies.get(60, TimeUnit.SECONDS);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> behind.now(recharge).fulfilment() == FulfilmentState.SUCCEEDED);
            assertThat(behind.count("payment.callback WHERE outcome = 'CONFIRMED'"))
                    .isEqualTo(1);
            assertThat(behind.count("wallet.journal WHERE kind = 'RECHARGE'")).isEqualTo(1);

            var later = behind.holding(Duration.ofMinutes(5));
            var soon = behind.holding(Duration.ofSeconds(1));
            await().atMost(Duration.ofMinutes(1)).until(() -> behind.now(soon).state() == Hold.State.CLOSED);
            assertThat(behind.count("wallet.journal WHERE request_key = 'timeout:%s'".formatted(soon.holdNo())))
                    .isEqualTo(1);

            behind.stop();
            ahead.looksAgainForWhatIsOver();
            assertThat(ahead.now(later).state())
                    .as("a hold for 5 minutes, at the instance whose machine is 12 minutes ahead")
                    .isEqualTo(Hold.State.OPEN);
        }
    }

    /** The whole application on a machine with a wrong clock. */
    private record Instance(ConfigurableApplicationContext context, HttpClient http) implements AutoCloseable {

        Instance(String database, String ahead) {
            this(
                    new SpringApplicationBuilder(TallyhookApplication.class, WrongMachine.class)
                            .run(
                                    "--server.port=0",
                                    "--spring.datasource.url=" + database,
                                    "--spring.datasource.username=postgres",
                                    "--spring.datasource.password=postgres",
                                    "--tallyhook.sandbox.enabled=false",
                                    "--tallyhook.asking.active=false",
                                    "--tallyhook.ledger.time-out-every=1s",
                                    "--test.machine.ahead=" + ahead),
                    HttpClient.newHttpClient());
        }

        Duration apart() {
            return Duration.between(
                            bean(Clock.class).instant(), Clock.systemUTC().instant())
                    .abs();
        }

        Payment recharge() {
            var wallets = bean(Wallets.class);
            wallets.put(new RechargePackage("P100", Money.fen(10_000), Money.fen(800), Optional.empty(), true));
            var recharge = wallets.recharge(request(), USER, "P100");
            var external = new PaymentRequest.Channel("wechat", "main", "external", null, Map.of());
            return wallets.pay(request(), recharge.rechargeNo(), external);
        }

        /** WeChat Pay, whose clock is right, calls this instance. */
        CompletableFuture<Void> told(Payment payment) {
            var notice = WeChatNotification.paid(
                            payment.outTradeNo(), payment.amount().minorUnits())
                    .at(Clock.systemUTC().instant())
                    .toRequest();
            var port = context.getEnvironment().getRequiredProperty("local.server.port");
            var request = HttpRequest.newBuilder(
                            URI.create("http://localhost:%s/callbacks/wechat/main".formatted(port)))
                    .POST(BodyPublishers.ofByteArray(notice.body()));
            notice.headers().forEach(request::header);
            return http.sendAsync(request.build(), BodyHandlers.ofString())
                    .thenAccept(reply ->
                            assertThat(reply).extracting(HttpResponse::body).isEqualTo("{\"code\":\"SUCCESS\"}"));
        }

        Payment now(Payment payment) {
            return bean(Payments.class).get(payment.outTradeNo());
        }

        Hold holding(Duration expiresIn) {
            return bean(Holds.class).place(request(), USER, Money.fen(500), "Deposit", expiresIn, "shop");
        }

        Hold now(Hold hold) {
            return bean(Holds.class).get(USER, hold.holdNo());
        }

        /** Its job has begun and ended after this was called. */
        void looksAgainForWhatIsOver() {
            var from = Clock.systemUTC().instant();
            await().atMost(Duration.ofMinutes(1)).until(() -> lastLook().isAfter(from.plusSeconds(2)));
        }

        private Instant lastLook() {
            return bean(JdbcClient.class)
                    .sql("SELECT least(started_at, finished_at) FROM wallet.job WHERE job = 'holds'")
                    .query((row, number) -> row.getTimestamp(1).toInstant())
                    .single();
        }

        long count(String what) {
            return bean(JdbcClient.class)
                    .sql("SELECT count(*) FROM " + what)
                    .query(Long.class)
                    .single();
        }

        private RequestId request() {
            return RequestId.fresh(bean(Clock.class));
        }

        private <T> T bean(Class<T> type) {
            return context.getBean(type);
        }

        void stop() {
            context.close();
        }

        @Override
        public void close() {
            stop();
            http.close();
        }
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class WrongMachine {

        @Bean
        @Primary
        DatabaseTime wrongTime(
                @Value("${test.machine.ahead}") Duration ahead, DataSource database, MeterRegistry metrics) {
            return new DatabaseTime(Clock.offset(Clock.systemUTC(), ahead), database, metrics);
        }

        @Bean
        @Primary
        Clock wrongClock(DatabaseTime time) {
            return time.withZone(ZoneOffset.UTC);
        }

        @Bean
        WeChatAccountSource testWeChatAccounts() {
            return () -> List.of(TestAccounts.weChat());
        }
    }
}
