package io.tallyhook.payment.asking;

import io.tallyhook.payment.PaymentRequest;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.Till;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import tallyhook.testing.Payer;
import tallyhook.testing.WeChatPayServer;

/** What tests of asking stand on: a clock that they move, instances on one database, and a look at what is due. */
final class AskingGround {

    private final Payments payments;
    private final AskProvider provider;
    private final JdbcClient jdbc;
    private final PlatformTransactionManager transactions;
    private final Ahead clock = new Ahead();

    AskingGround(Payments payments, AskProvider provider, JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.payments = payments;
        this.provider = provider;
        this.jdbc = jdbc;
        this.transactions = transactions;
        for (var table : new String[] {"asking", "asking_budget", "question", "silence", "opening_tally"}) {
            jdbc.sql("DELETE FROM payment." + table).update();
        }
    }

    Asker instance() {
        return instance(AskingSettingsTests.settings(Map.of()));
    }

    Asker instance(AskingSettings settings) {
        return new Asker(jdbc, transactions, provider, settings, clock, RandomGenerator.getDefault());
    }

    Clock clock() {
        return clock;
    }

    void passes(Duration time) {
        clock.ahead = clock.ahead.plus(time);
    }

    /** From now on time passes only when a test says so. */
    void timeStops() {
        clock.stopped = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    /** Long enough for the first question, and for whatever had a lease. */
    void aMinutePasses() {
        passes(Duration.ofSeconds(61));
    }

    String orderedAtTheBank() {
        return opened(Till.atTheBank());
    }

    String orderedAtWeChatPay() {
        return opened(
                Till.request(new PaymentRequest.Channel("wechat", WeChatPayServer.ACCOUNT, "native", null, Map.of())));
    }

    String external(@Nullable Duration expiresIn) {
        return opened(Till.request(new PaymentRequest.Channel("bank", "main", "external", expiresIn, Map.of())));
    }

    /** Another attempt to pay the same at the bank, by this method. */
    String anotherAttempt(String outTradeNo, String method) {
        var first = payments.get(outTradeNo);
        var request = Till.request(Payer.by(method));
        return opened(new PaymentRequest(
                request.purpose(),
                first.reference(),
                first.userId(),
                first.amount(),
                request.description(),
                request.channel()));
    }

    private String opened(PaymentRequest request) {
        return payments.open(RequestId.fresh(Clock.systemUTC()), request, () -> {})
                .outTradeNo();
    }

    boolean isAwaited(String outTradeNo) {
        return jdbc.sql("SELECT count(*) FROM payment.asking WHERE out_trade_no = :outTradeNo")
                        .param("outTradeNo", outTradeNo)
                        .query(Integer.class)
                        .single()
                == 1;
    }

    /** How long it is until something is done about it. */
    Duration dueIn(String outTradeNo) {
        return Duration.between(clock.instant(), dueAt(outTradeNo));
    }

    Instant dueAt(String outTradeNo) {
        return jdbc.sql("SELECT next_ask_at FROM payment.asking WHERE out_trade_no = :outTradeNo")
                .param("outTradeNo", outTradeNo)
                .query(Timestamp.class)
                .single()
                .toInstant();
    }

    /** Runs, and can be set forward or stopped. */
    private static final class Ahead extends Clock {

        private Duration ahead = Duration.ZERO;
        private @Nullable Instant stopped;

        @Override
        public Instant instant() {
            return (stopped == null ? Instant.now() : stopped).plus(ahead);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
