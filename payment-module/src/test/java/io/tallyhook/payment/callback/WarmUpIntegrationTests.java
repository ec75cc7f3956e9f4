package io.tallyhook.payment.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.micrometer.core.instrument.MeterRegistry;
import io.tallyhook.payment.GoodsListener;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.provider.Answer;
import io.tallyhook.payment.provider.CallbackProtocol;
import io.tallyhook.payment.provider.Claim;
import io.tallyhook.payment.provider.Delivery;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Rehearsal;
import io.tallyhook.payment.provider.Rejection;
import io.tallyhook.payment.provider.Reply;
import io.tallyhook.payment.provider.Verdict;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.unit.DataSize;

/** The start goes the way of a callback with deliveries of its own making, and nothing but speed comes of it. */
@PaymentModuleTest
class WarmUpIntegrationTests {

    private final List<CallbackProtocol> protocols;
    private final RehearseBooking booking;
    private final GoodsListener listener;
    private final MeterRegistry metrics;
    private final JdbcClient jdbc;

    WarmUpIntegrationTests(
            List<CallbackProtocol> protocols,
            RehearseBooking booking,
            GoodsListener listener,
            MeterRegistry metrics,
            JdbcClient jdbc) {
        this.protocols = protocols;
        this.booking = booking;
        this.listener = listener;
        this.metrics = metrics;
        this.jdbc = jdbc;
    }

    @Test
    void it_leaves_nothing_behind() {
        var begin = Instant.now();
        var before = everything(begin);
        int heard = listener.heard().size();
        double counted = counted();

        warmUp(protocols, Duration.ofSeconds(1));

        assertThat(everything(begin)).isEqualTo(before);
        assertThat(listener.heard()).hasSize(heard);
        assertThat(counted()).isEqualTo(counted);
    }

    @Test
    void it_says_what_a_payment_of_each_account_would_say() {
        for (var provider : List.of("wechat", "alipay")) {
            var protocol = protocol(provider);
            for (var account : protocol.accounts()) {
                var rehearsal = rehearsal(protocol, account);

                assertThat(rehearsal.says()).isInstanceOf(Fact.Paid.class);
                assertThat(rehearsal.says().outTradeNo()).isEqualTo("P123456");
                assertThat(rehearsal.says().claim()).isEqualTo(protocol.identity(account));
            }
        }
    }

    /** Only a provider can sign, so what we make ourselves must fail at exactly that. */
    @Test
    void what_it_makes_is_never_believed() {
        for (var provider : List.of("wechat", "alipay")) {
            var protocol = protocol(provider);
            for (var account : protocol.accounts()) {
                assertThat(protocol.verify(rehearsal(protocol, account).delivery()))
                        .isEqualTo(Verdict.Rejected.because(Rejection.SIGNATURE_WRONG));
            }
        }
    }

    @Test
    void no_nonce_is_used_twice_with_a_key() {
        var protocol = protocol("wechat");

        assertThat(rehearsal(protocol, "main").delivery().body())
                .isNotEqualTo(rehearsal(protocol, "main").delivery().body());
    }

    @Test
    void it_ends_when_its_time_is_over_and_does_nothing_in_no_time() {
        var counting = new Counting();

        warmUp(List.of(counting), Duration.ZERO);
        assertThat(counting.rehearsed).isZero();

        long started = System.nanoTime();
        warmUp(List.of(counting), Duration.ofMillis(200));
        assertThat(counting.rehearsed).isPositive();
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void a_provider_without_a_rehearsal_does_not_hold_up_the_start() {
        long started = System.nanoTime();

        warmUp(List.of(new Silent()), Duration.ofMinutes(5));

        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void trouble_does_not_stop_the_start() {
        var broken = new Silent() {
            @Override
            public Optional<Rehearsal> rehearse(UUID id, String account, String outTradeNo, Instant now) {
                throw new IllegalStateException("broken");
            }
        };

        assertThatCode(() -> warmUp(List.of(broken), Duration.ofMinutes(5))).doesNotThrowAnyException();
    }

    private void warmUp(List<CallbackProtocol> providers, Duration within) {
        var settings = new CallbackSettings(
                DataSize.ofKilobytes(256),
                Duration.ofSeconds(10),
                60,
                DataSize.ofMegabytes(1),
                1000,
                Duration.ofDays(400),
                within);
        new WarmUp(providers, booking, settings, Clock.systemUTC()).run(new DefaultApplicationArguments());
    }

    private CallbackProtocol protocol(String provider) {
        return protocols.stream()
                .filter(protocol -> protocol.provider().equals(provider))
                .findFirst()
                .orElseThrow();
    }

    private static Rehearsal rehearsal(CallbackProtocol protocol, String account) {
        return protocol.rehearse(UUID.randomUUID(), account, "P123456", Instant.now())
                .orElseThrow();
    }

    private double counted() {
        return metrics.find("tallyhook.callbacks").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    /** Events of other tests are forgotten in their own time. */
    private Map<String, @Nullable Object> everything(Instant begin) {
        return jdbc.sql("""
                        SELECT (SELECT count(*) FROM payment.payment)        AS payments,
                               (SELECT count(*) FROM payment.refund)         AS refunds,
                               (SELECT count(*) FROM payment.callback)       AS callbacks,
                               (SELECT coalesce(sum(n), 0) FROM payment.callback_tally) AS tally,
                               (SELECT count(*) FROM event_publication
                                WHERE publication_date >= :begin)            AS events
                        """).param("begin", Timestamp.from(begin)).query().singleRow();
    }

    /** A provider that cannot be rehearsed. */
    private static class Silent implements CallbackProtocol {

        @Override
        public String provider() {
            return "silent";
        }

        @Override
        public Set<String> accounts() {
            return Set.of("main");
        }

        @Override
        public Set<String> headers() {
            return Set.of();
        }

        @Override
        public Claim identity(String account) {
            return new Claim(Map.of());
        }

        @Override
        public Verdict verify(Delivery delivery) {
            return Verdict.Rejected.because(Rejection.SIGNATURE_WRONG);
        }

        @Override
        public Reply reply(Answer answer) {
            return Reply.of(200, "text/plain", "");
        }

        @Override
        public String content(Delivery delivery) {
            return "{}";
        }
    }

    private static final class Counting extends Silent {

        private int rehearsed;

        @Override
        public Optional<Rehearsal> rehearse(UUID id, String account, String outTradeNo, Instant now) {
            rehearsed++;
            var delivery = new Delivery(id, now, "silent", account, Map.of(), new byte[0]);
            return Optional.of(new Rehearsal(delivery, new Fact.Unchanged(outTradeNo, new Claim(Map.of()), "X")));
        }
    }
}
