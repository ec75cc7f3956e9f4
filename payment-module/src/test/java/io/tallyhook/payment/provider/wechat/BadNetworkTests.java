package io.tallyhook.payment.provider.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.provider.PaymentGateway.Closing;
import io.tallyhook.payment.provider.PaymentGateway.Order;
import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import io.tallyhook.payment.provider.RefundOrder;
import io.tallyhook.payment.provider.wire.ProviderHttp;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tallyhook.testing.Fault;
import tallyhook.testing.FaultProxy;
import tallyhook.testing.StubServer;
import tallyhook.testing.StubServer.Response;
import tallyhook.testing.TestAccounts;
import tallyhook.testing.TestKeys;

/** A bad network between us and the provider: what is not known stays unknown, and nothing is taken for an answer. */
class BadNetworkTests {

    private static final Instant NOW = Instant.parse("2026-01-01T04:00:00Z");

    private final StubServer server = new StubServer();
    private final FaultProxy network = new FaultProxy(server.uri().getPort());
    private final ProviderHttp http = new ProviderHttp(Duration.ofMillis(300), Duration.ofMillis(300));
    private final ProviderHttp patientHttp = new ProviderHttp(Duration.ofSeconds(20), Duration.ofSeconds(20));
    private final WeChatGateway gateway = gateway(http);
    private final WeChatGateway patient = gateway(patientHttp);

    private WeChatGateway gateway(ProviderHttp by) {
        var account = TestAccounts.weChat("main", URI.create("http://127.0.0.1:" + network.port()));
        return new WeChatGateway(
                new WeChatAccounts(List.of(() -> List.of(account))),
                new WeChatClient(by, Clock.fixed(NOW, ZoneOffset.UTC)));
    }

    @BeforeEach
    void theProviderIsWell() {
        server.answers(request ->
                request.target().endsWith("/close") ? signed(204, "") : signed(200, "{\"code_url\":\"weixin://1\"}"));
    }

    @AfterEach
    void close() {
        network.close();
        server.close();
        http.destroy();
        patientHttp.destroy();
    }

    /** The provider may have done it: so it is not refused, not closed, and no refund has failed. */
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

    @Test
    void aSlowNetworkThatSlicesEverythingOnlyTakesLonger() {
        network.both(new Fault.Sliced(7));
        assertThat(patient.prepare(order())).containsEntry("codeUrl", "weixin://1");

        network.toClient(new Fault.Late(Duration.ofMillis(100)));
        assertThat(patient.close("main", "P123456")).isEqualTo(Closing.CLOSED);

        network.both(new Fault.SlowClose(Duration.ofMillis(200)));
        assertThat(patient.prepare(order())).containsEntry("codeUrl", "weixin://1");
    }

    @Test
    void afterTheTroubleTheNextQuestionIsAnswered() {
        network.both(new Fault.BlackHole());
        assertUnclear();

        network.heal();

        assertThat(patient.prepare(order())).containsEntry("codeUrl", "weixin://1");
        assertThat(patient.close("main", "P123456")).isEqualTo(Closing.CLOSED);
    }

    private static Order order() {
        return new Order(
                "main",
                "native",
                "P123456",
                Money.fen(1999),
                "Tea",
                null,
                URI.create("https://pay.example.com/callbacks/wechat/main"),
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
                URI.create("https://pay.example.com/callbacks/wechat/main"));
    }

    private static Response signed(int status, String body) {
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(TestKeys.weChatPay().getPrivate());
            signature.update("%d\n%s\n%s\n"
                    .formatted(NOW.getEpochSecond(), "nonce", body)
                    .getBytes(UTF_8));
            return Response.of(status, body)
                    .with(Map.of(
                            "Wechatpay-Serial",
                            TestAccounts.PUBLIC_KEY_ID,
                            "Wechatpay-Timestamp",
                            String.valueOf(NOW.getEpochSecond()),
                            "Wechatpay-Nonce",
                            "nonce",
                            "Wechatpay-Signature",
                            Base64.getEncoder().encodeToString(signature.sign())));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
