package io.tallyhook.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.Headers;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.provider.Answer;
import io.tallyhook.payment.provider.CallbackProtocol;
import io.tallyhook.payment.provider.Delivery;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Fact.RefundResult;
import io.tallyhook.payment.provider.PaymentGateway;
import io.tallyhook.payment.provider.PaymentGateway.Closing;
import io.tallyhook.payment.provider.PaymentGateway.Order;
import io.tallyhook.payment.provider.PaymentGateway.ProviderRefused;
import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import io.tallyhook.payment.provider.RefundAnswer;
import io.tallyhook.payment.provider.RefundOrder;
import io.tallyhook.payment.provider.Rejection;
import io.tallyhook.payment.provider.Verdict;
import io.tallyhook.sandbox.simulator.Misbehaviour;
import io.tallyhook.sandbox.simulator.ProviderSimulator;
import io.tallyhook.sandbox.simulator.SimulatedProvider;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import tallyhook.testing.StubServer;
import tallyhook.testing.StubServer.Response;

/** Our adapters and our simulator speak the same protocols, over HTTP and in both directions. */
class SandboxProtocolTests {

    private static final Instant NOW = Instant.parse("2026-01-01T04:00:00Z");

    private final StubServer shop = new StubServer();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        shop.close();
    }

    @ParameterizedTest
    @CsvSource({
        "WECHAT,native,codeUrl",
        "WECHAT,jsapi,paySign",
        "WECHAT,h5,h5Url",
        "WECHAT,app,sign",
        "ALIPAY,precreate,qrCode"
    })
    void an_order_of_each_method_is_prepared_paid_told_and_found_paid(
            SimulatedProvider provider, String method, String param) {
        run(context -> {
            var gateway = gateway(context, provider);

            assertThat(gateway.prepare(order(provider, method))).containsKey(param);
            context.getBean(ProviderSimulator.class).pay(provider, "P123456");

            var told = (Verdict.Genuine) firstCallback(context, provider);
            assertThat(((Fact.Paid) told.fact()).amount()).isEqualTo(Money.fen(1999));
            assertThat(told.fact().claim())
                    .isEqualTo(protocol(context, provider).identity("sandbox"));
            assertThat(gateway.query("sandbox", "P123456")).get().isInstanceOfSatisfying(Fact.Paid.class, found -> {
                assertThat(found.amount()).isEqualTo(Money.fen(1999));
                assertThat(found.claim()).isEqualTo(told.fact().claim());
                assertThat(found.providerTransactionId()).isEqualTo(((Fact.Paid) told.fact()).providerTransactionId());
            });
            assertThat(gateway.close("sandbox", "P123456")).isEqualTo(Closing.ALREADY_PAID);
        });
    }

    @ParameterizedTest
    @CsvSource({"WECHAT,native", "ALIPAY,precreate"})
    void an_unpaid_order_is_closed_and_an_unknown_one_is_as_good_as_closed(SimulatedProvider provider, String method) {
        run(context -> {
            var gateway = gateway(context, provider);
            gateway.prepare(order(provider, method));
            context.getBean(ProviderSimulator.class).open(provider, "P123456");

            assertThat(gateway.query("sandbox", "P123456")).get().isInstanceOf(Fact.Unchanged.class);
            assertThat(gateway.close("sandbox", "P123456")).isEqualTo(Closing.CLOSED);
            assertThat(gateway.close("sandbox", "P123456")).isEqualTo(Closing.CLOSED);
            assertThat(gateway.query("sandbox", "P123456")).get().isInstanceOf(Fact.Closed.class);
            assertThat(gateway.query("sandbox", "P999999")).isEmpty();
            assertThat(gateway.close("sandbox", "P999999")).isEqualTo(Closing.CLOSED);
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_refund_at_the_provider_is_told_and_read(SimulatedProvider provider) {
        run(context -> {
            var simulator = context.getBean(ProviderSimulator.class);
            simulator.orderByHand(provider, "P123456", Money.fen(1999));
            simulator.misbehave(provider, "P123456", Misbehaviour.LOST);
            simulator.misbehave(provider, "P123456", Misbehaviour.FULL_REFUND);

            var fact = (Fact.Refunded) ((Verdict.Genuine) firstCallback(context, provider)).fact();
            assertThat(fact.total()).isEqualTo(Money.fen(1999));
            assertThat(fact.result()).isEqualTo(Fact.RefundResult.SUCCEEDED);
        });
    }

    @ParameterizedTest
    @CsvSource({"WECHAT,native", "ALIPAY,precreate"})
    void a_refund_that_we_ask_for_is_done_once_told_and_found(SimulatedProvider provider, String method) {
        run(context -> {
            var gateway = paid(context, provider, method);

            assertThat(gateway.queryRefund(refund(provider, "R123456"))).isEmpty();
            gateway.refund(refund(provider, "R123456"));
            gateway.refund(refund(provider, "R123456"));

            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(gateway.queryRefund(refund(provider, "R123456")))
                            .get()
                            .isInstanceOfSatisfying(RefundAnswer.Ended.class, ended -> {
                                assertThat(ended.fact().result()).isEqualTo(RefundResult.SUCCEEDED);
                                assertThat(ended.fact().amount()).isEqualTo(Money.fen(700));
                            }));
            var told = toldOfRefund(context, provider);
            assertThat(told.refundNo()).isEqualTo("R123456");
            assertThat(told.result()).isEqualTo(RefundResult.SUCCEEDED);
            assertThat(context.getBean(ProviderSimulator.class)
                            .order(provider, "P123456")
                            .orElseThrow()
                            .refunded())
                    .isEqualTo(700);
        });
    }

    @ParameterizedTest
    @CsvSource({"WECHAT,native", "ALIPAY,precreate"})
    void a_refund_whose_answer_is_an_error_is_unclear_and_found_all_the_same(
            SimulatedProvider provider, String method) {
        run(context -> {
            var gateway = paid(context, provider, method);
            misbehave(context, provider, Misbehaviour.REFUND_UNCLEAR);

            assertThatThrownBy(() -> gateway.refund(refund(provider, "R123456")))
                    .isInstanceOf(ProviderUnclear.class);

            assertThat(gateway.queryRefund(refund(provider, "R123456"))).isPresent();
        });
    }

    @ParameterizedTest
    @CsvSource({"WECHAT,native", "ALIPAY,precreate"})
    void more_than_was_received_is_refused_and_all_of_it_goes_back(SimulatedProvider provider, String method) {
        run(context -> {
            var gateway = gateway(context, provider);
            gateway.prepare(order(provider, method));
            misbehave(context, provider, Misbehaviour.WRONG_AMOUNT);
            var told = (Verdict.Genuine) firstCallback(context, provider);
            assertThat(((Fact.Paid) told.fact()).amount()).isEqualTo(Money.fen(2000));

            assertThatThrownBy(() -> gateway.refund(refund(provider, "R123456", 2001, 2000)))
                    .isInstanceOf(ProviderRefused.class);
            gateway.refund(refund(provider, "R123457", 2000, 2000));

            assertThat(context.getBean(ProviderSimulator.class)
                            .order(provider, "P123456")
                            .orElseThrow()
                            .refunded())
                    .isEqualTo(2000);
        });
    }

    @Test
    void a_refund_that_fails_is_closed_by_wechat_pay_and_refused_by_alipay() {
        run(context -> {
            var weChat = paid(context, SimulatedProvider.WECHAT, "native");
            misbehave(context, SimulatedProvider.WECHAT, Misbehaviour.REFUND_FAILS);
            weChat.refund(refund(SimulatedProvider.WECHAT, "R123456"));
            assertThat(toldOfRefund(context, SimulatedProvider.WECHAT).result()).isEqualTo(RefundResult.FAILED);

            var alipay = paid(context, SimulatedProvider.ALIPAY, "precreate");
            misbehave(context, SimulatedProvider.ALIPAY, Misbehaviour.REFUND_FAILS);
            assertThatThrownBy(() -> alipay.refund(refund(SimulatedProvider.ALIPAY, "R123456")))
                    .isInstanceOf(ProviderRefused.class);
        });
    }

    @Test
    void a_stuck_refund_goes_on_when_it_is_asked_for_again() {
        run(context -> {
            var gateway = paid(context, SimulatedProvider.WECHAT, "native");
            var refund = refund(SimulatedProvider.WECHAT, "R123456");
            misbehave(context, SimulatedProvider.WECHAT, Misbehaviour.REFUND_ABNORMAL);

            gateway.refund(refund);
            assertThat(toldOfRefund(context, SimulatedProvider.WECHAT).result()).isEqualTo(RefundResult.ABNORMAL);
            assertThat(gateway.queryRefund(refund)).get().isInstanceOf(RefundAnswer.Stuck.class);
            gateway.refund(refund);

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> gateway.queryRefund(refund).orElseThrow() instanceof RefundAnswer.Ended);
        });
    }

    private PaymentGateway paid(ApplicationContext context, SimulatedProvider provider, String method) {
        var gateway = gateway(context, provider);
        gateway.prepare(order(provider, method));
        assertThat(context.getBean(ProviderSimulator.class).misbehave(provider, "P123456", Misbehaviour.LOST))
                .isTrue();
        return gateway;
    }

    private static void misbehave(ApplicationContext context, SimulatedProvider provider, Misbehaviour what) {
        assertThat(context.getBean(ProviderSimulator.class).misbehave(provider, "P123456", what))
                .isTrue();
    }

    private Fact.Refunded toldOfRefund(ApplicationContext context, SimulatedProvider provider) {
        return (Fact.Refunded) ((Verdict.Genuine) firstCallback(context, provider)).fact();
    }

    private RefundOrder refund(SimulatedProvider provider, String refundNo) {
        return refund(provider, refundNo, 700, 1999);
    }

    private RefundOrder refund(SimulatedProvider provider, String refundNo, long amount, long total) {
        return new RefundOrder(
                "sandbox",
                "P123456",
                refundNo,
                Money.fen(amount),
                Money.fen(total),
                "太大了",
                shop.uri().resolve("/callbacks/%s/sandbox".formatted(provider.id())));
    }

    @Test
    void what_the_simulator_forges_is_refused_for_the_right_reason() {
        run(context -> {
            assertThat(forged(context, Misbehaviour.WRONG_SIGNATURE)).isEqualTo(Rejection.SIGNATURE_WRONG);
            assertThat(forged(context, Misbehaviour.OLD_TIMESTAMP)).isEqualTo(Rejection.TIMESTAMP_OUTSIDE_WINDOW);
            assertThat(forged(context, Misbehaviour.SIGNATURE_PROBE)).isEqualTo(Rejection.SIGNATURE_PROBE);
        });
    }

    private Rejection forged(ApplicationContext context, Misbehaviour what) {
        var simulator = context.getBean(ProviderSimulator.class);
        int before = shop.requests().size();
        simulator.orderByHand(SimulatedProvider.WECHAT, "P" + what.name(), Money.fen(1999));
        simulator.misbehave(SimulatedProvider.WECHAT, "P" + what.name(), what);
        await().until(() -> shop.requests().size() > before);
        return ((Verdict.Rejected) verdict(
                        context, SimulatedProvider.WECHAT, shop.requests().get(before)))
                .reason();
    }

    private void run(Consumer<ApplicationContext> story) {
        shop.answers(request -> {
            var protocol = request.uri().getPath().contains("wechat") ? "{\"code\":\"SUCCESS\"}" : "success";
            return Response.of(200, protocol);
        });
        new ApplicationContextRunner()
                .withUserConfiguration(Adapters.class, SandboxConfiguration.class)
                .withPropertyValues(
                        "tallyhook.sandbox.enabled=true",
                        "tallyhook.data-dir=" + folder,
                        "tallyhook.public-url=" + shop.uri())
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    story.accept(context);
                });
    }

    private Verdict firstCallback(ApplicationContext context, SimulatedProvider provider) {
        await().until(() -> !shop.requests().isEmpty());
        var request = shop.requests().getFirst();
        assertThat(request.target()).isEqualTo("/callbacks/%s/sandbox".formatted(provider.id()));
        var verdict = verdict(context, provider, request);
        assertThat(protocol(context, provider).reply(Answer.SUCCESS).status()).isEqualTo(200);
        return verdict;
    }

    private static Verdict verdict(ApplicationContext context, SimulatedProvider provider, StubServer.Request request) {
        return protocol(context, provider)
                .verify(new Delivery(
                        UUID.randomUUID(), NOW, provider.id(), "sandbox", headers(request.headers()), request.body()));
    }

    private static Map<String, String> headers(Headers headers) {
        var lowerCase = new HashMap<String, String>();
        headers.forEach((name, values) -> lowerCase.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        return lowerCase;
    }

    private static CallbackProtocol protocol(ApplicationContext context, SimulatedProvider provider) {
        return beans(context, CallbackProtocol.class)
                .filter(protocol -> protocol.provider().equals(provider.id()))
                .findFirst()
                .orElseThrow();
    }

    private static PaymentGateway gateway(ApplicationContext context, SimulatedProvider provider) {
        return beans(context, PaymentGateway.class)
                .filter(gateway -> gateway.provider().equals(provider.id()))
                .findFirst()
                .orElseThrow();
    }

    private static <T> Stream<T> beans(ApplicationContext context, Class<T> type) {
        return context.getBeansOfType(type).values().stream();
    }

    private Order order(SimulatedProvider provider, String method) {
        Map<String, String> fields = switch (method) {
            case "jsapi" -> Map.of("openid", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o");
            case "h5" -> Map.of("payerClientIp", "203.0.113.7");
            default -> Map.of();
        };
        return new Order(
                "sandbox",
                method,
                "P123456",
                Money.fen(1999),
                "VIP会员",
                NOW.plusSeconds(7200),
                shop.uri().resolve("/callbacks/%s/sandbox".formatted(provider.id())),
                fields);
    }

    /** Not annotated as a configuration, so that nobody else's component scan finds it. */
    @ComponentScan("io.tallyhook.payment.provider")
    static class Adapters {

        @Bean
        Clock clock() {
            return Clock.fixed(NOW, java.time.ZoneOffset.UTC);
        }
    }
}
