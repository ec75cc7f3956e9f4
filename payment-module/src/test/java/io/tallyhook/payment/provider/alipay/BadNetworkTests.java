package io.tallyhook.payment.provider.alipay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.PaymentGateway.Closing;
import io.tallyhook.payment.provider.PaymentGateway.Order;
import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import io.tallyhook.payment.provider.RefundAnswer;
import io.tallyhook.payment.provider.RefundOrder;
import io.tallyhook.payment.provider.wire.ProviderHttp;
import io.tallyhook.payment.provider.wire.RsaSha256;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tallyhook.testing.Fault;
import tallyhook.testing.Fault.Ending;
import tallyhook.testing.FaultProxy;
import tallyhook.testing.StubServer;
import tallyhook.testing.StubServer.Request;
import tallyhook.testing.StubServer.Response;
import tallyhook.testing.TestAccounts;
import tallyhook.testing.TestKeys;

/** A bad network between us and Alipay: what is not known stays unknown, and nothing is taken for an answer. */
class BadNetworkTests {

    private static final Instant NOW = Instant.parse("2026-01-01T04:00:00Z");
    private static final Pattern METHOD = Pattern.compile("[?&]method=([a-z.]+)");

    private final Map<String, String> answers = new ConcurrentHashMap<>(
            Map.of(
                    "alipay.trade.precreate",
                    "{\"code\":\"10000\",\"out_trade_no\":\"P123456\",\"qr_code\":\"https://qr.alipay.com/1\"}",
                    "alipay.trade.query",
                    "{\"code\":\"10000\",\"out_trade_no\":\"P123456\",\"trade_no\":\"2026T\",\"trade_status\":\"TRADE_SUCCESS\",\"total_amount\":\"19.99\"}",
                    "alipay.trade.close",
                    "{\"code\":\"10000\",\"out_trade_no\":\"P123456\"}",
                    "alipay.trade.refund",
                    "{\"code\":\"10000\",\"out_trade_no\":\"P123456\",\"trade_no\":\"2026T\",\"fund_change\":\"Y\",\"refund_fee\":\"7.00\"}",
                    "alipay.trade.fastpay.refund.query",
                    "{\"code\":\"10000\",\"out_trade_no\":\"P123456\",\"out_request_no\":\"R123456\",\"refund_amount\":\"7.00\",\"refund_status\":\"REFUND_SUCCESS\"}"));

    private final StubServer server = new StubServer();
    private final FaultProxy network = new FaultProxy(server.uri().getPort());
    private final ProviderHttp http = new ProviderHttp(Duration.ofMillis(300), Duration.ofMillis(300));
    private final ProviderHttp patientHttp = new ProviderHttp(Duration.ofSeconds(20), Duration.ofSeconds(20));
    private final AlipayGateway gateway = gateway(http);
    private final AlipayGateway patient = gateway(patientHttp);

    BadNetworkTests() {
        server.answers(this::signed);
    }

    private AlipayGateway gateway(ProviderHttp by) {
        var account = TestAccounts.alipay(
                "main", UTF_8, URI.create("http://127.0.0.1:%d/gateway.do".formatted(network.port())));
        var clock = Clock.fixed(NOW, ZoneOffset.UTC);
        return new AlipayGateway(
                new AlipayAccounts(List.of(() -> List.of(account))), new AlipayClient(by, clock), clock);
    }

    @AfterEach
    void close() {
        network.close();
        server.close();
        http.destroy();
        patientHttp.destroy();
    }

    /** Alipay may have done it: so it is not refused, not closed, and no refund has failed. */
    @ParameterizedTest
    @MethodSource("tallyhook.testing.Fault#losses")
    void ifTheAnswerIsLostNobodyKnowsWhatHasBecomeOfIt(Fault fault) {
        network.toClient(fault);

        assertUnclear();
    }

    @ParameterizedTest
    @MethodSource("tallyhook.testing.Fault#losses")
    void ifTheQuestionIsLostNobodyKnowsWhatHasBecomeOfIt(Fault fault) {
        network.toServer(fault);

        assertUnclear();
    }

    @Test
    void whoCannotBeReachedHasNotRefused() {
        network.refuse();

        assertUnclear();
    }

    /** A call that needs a second question to be understood is not understood by half of it. */
    @Test
    void aRefundThatMovedNothingIsUnclearIfTheQuestionAfterItGetsLost() {
        answers.put("alipay.trade.refund", "{\"code\":\"10000\",\"out_trade_no\":\"P123456\",\"fund_change\":\"N\"}");
        network.whenSent(
                "alipay.trade.fastpay.refund.query", () -> network.toClient(new Fault.Limited(0, Ending.RESET)));

        assertThatThrownBy(() -> patient.refund(refund())).isInstanceOf(ProviderUnclear.class);

        network.heal();
        assertThat(patient.refund(refund())).isInstanceOf(RefundAnswer.Ended.class);
    }

    @Test
    void whatCannotBeClosedIsUnclearIfTheQuestionWhyGetsLost() {
        answers.put("alipay.trade.close", "{\"code\":\"40004\",\"sub_code\":\"ACQ.TRADE_STATUS_ERROR\"}");
        network.whenSent("alipay.trade.query", () -> network.toClient(new Fault.Limited(0, Ending.RESET)));

        assertThatThrownBy(() -> patient.close("main", "P123456")).isInstanceOf(ProviderUnclear.class);

        network.heal();
        assertThat(patient.close("main", "P123456")).isEqualTo(Closing.ALREADY_PAID);
    }

    @Test
    void aSlowNetworkThatSlicesEverythingOnlyTakesLonger() {
        network.both(new Fault.Sliced(7));
        assertEverythingIsUnderstood();

        network.toClient(new Fault.Late(Duration.ofMillis(100)));
        assertEverythingIsUnderstood();

        network.both(new Fault.SlowClose(Duration.ofMillis(200)));
        assertEverythingIsUnderstood();
    }

    @Test
    void afterTheTroubleTheNextQuestionIsAnswered() {
        network.both(new Fault.BlackHole());
        assertUnclear();

        network.heal();

        assertEverythingIsUnderstood();
    }

    /** All at once, as each costs the time that we wait for an answer. */
    private void assertUnclear() {
        var calls = Stream.<ThrowingCallable>of(
                () -> gateway.prepare(order()),
                () -> gateway.close("main", "P123456"),
                () -> gateway.query("main", "P123456"),
                () -> gateway.refund(refund()),
                () -> gateway.queryRefund(refund()));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture.allOf(calls.map(call -> CompletableFuture.runAsync(
                                    () -> assertThatThrownBy(call).isInstanceOf(ProviderUnclear.class), threads))
                            .toArray(CompletableFuture<?>[]::new))
                    .join();
        }
    }

    private void assertEverythingIsUnderstood() {
        assertThat(patient.prepare(order())).containsEntry("qrCode", "https://qr.alipay.com/1");
        assertThat(patient.close("main", "P123456")).isEqualTo(Closing.CLOSED);
        assertThat(patient.query("main", "P123456")).get().isInstanceOf(Fact.Paid.class);
        assertThat(patient.refund(refund())).isInstanceOf(RefundAnswer.Ended.class);
        assertThat(patient.queryRefund(refund())).get().isInstanceOf(RefundAnswer.Ended.class);
    }

    private Response signed(Request request) {
        var method = METHOD.matcher(request.target())
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
        var content = answers.getOrDefault(method, "");
        var sign = RsaSha256.sign(TestKeys.alipay().getPrivate(), content.getBytes(UTF_8));
        return Response.of(
                200, "{\"%s_response\":%s,\"sign\":\"%s\"}".formatted(method.replace('.', '_'), content, sign));
    }

    private static Order order() {
        return new Order(
                "main",
                "precreate",
                "P123456",
                Money.fen(1999),
                "Tea",
                null,
                URI.create("https://pay.example.com/callbacks/alipay/main"),
                Map.of());
    }

    private static RefundOrder refund() {
        return new RefundOrder(
                "main",
                "P123456",
                "R123456",
                Money.fen(700),
                Money.fen(1999),
                "Too large",
                URI.create("https://pay.example.com/callbacks/alipay/main"));
    }
}
