package io.tallyhook.payment.provider.alipay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.provider.PaymentGateway.Closing;
import io.tallyhook.payment.provider.PaymentGateway.Order;
import io.tallyhook.payment.provider.PaymentGateway.ProviderRefused;
import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import io.tallyhook.payment.provider.RefundAnswer;
import io.tallyhook.payment.provider.RefundOrder;
import io.tallyhook.payment.provider.wire.ProviderHttp;
import io.tallyhook.payment.provider.wire.RsaSha256;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tallyhook.fuzzing.Sound;
import tallyhook.testing.StubServer;
import tallyhook.testing.StubServer.Hangs;
import tallyhook.testing.StubServer.Request;
import tallyhook.testing.StubServer.Response;
import tallyhook.testing.TestAccounts;
import tallyhook.testing.TestKeys;

/** Answers of Alipay's gateway over real HTTP, signed by it, whatever they say: the first character is which call. */
class AlipayAnswerFuzzTests {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T04:00:00Z"), ZoneOffset.UTC);
    private static final Pattern METHOD = Pattern.compile("[?&]method=([a-z.]+)");
    private static final StubServer SERVER = new StubServer();
    private static final ProviderHttp HTTP = new ProviderHttp(Duration.ofSeconds(20), Duration.ofSeconds(20));
    private static final AlipayGateway GATEWAY = new AlipayGateway(
            new AlipayAccounts(List.of(() ->
                    List.of(TestAccounts.alipay("main", UTF_8, SERVER.uri().resolve("/gateway.do"))))),
            new AlipayClient(HTTP, CLOCK),
            CLOCK);

    @FuzzTest
    void anAnswerIsUnderstoodOrUnclear(byte[] answer) {
        if (answer.length < 1) {
            return;
        }
        SERVER.answers(request -> signed(request, Arrays.copyOfRange(answer, 1, answer.length)));
        try {
            understood(Math.floorMod(answer[0] - '0', 5));
        } catch (ProviderUnclear | ProviderRefused asItShould) {
            assertThat(asItShould).hasMessageNotContaining("\n");
        } finally {
            SERVER.forget();
        }
    }

    private static void understood(int call) {
        switch (call) {
            case 0 -> assertThat(GATEWAY.prepare(order())).isNotEmpty();
            case 1 ->
                GATEWAY.query("main", "P123456").ifPresent(fact -> {
                    assertThat(fact.outTradeNo()).isEqualTo("P123456");
                    Sound.fact(fact);
                });
            case 2 -> assertThat(GATEWAY.close("main", "P123456")).isInstanceOf(Closing.class);
            case 3 -> sound(GATEWAY.refund(refund()));
            default -> GATEWAY.queryRefund(refund()).ifPresent(AlipayAnswerFuzzTests::sound);
        }
    }

    private static void sound(RefundAnswer answer) {
        if (answer instanceof RefundAnswer.Ended ended) {
            assertThat(ended.fact().refundNo()).isEqualTo("R123456");
            Sound.fact(ended.fact());
        }
    }

    private static Response signed(Request request, byte[] content) {
        var method = METHOD.matcher(request.target())
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
        var sign = RsaSha256.sign(TestKeys.alipay().getPrivate(), content);
        var body = new ByteArrayOutputStream();
        body.writeBytes("{\"%s_response\":".formatted(method.replace('.', '_')).getBytes(UTF_8));
        body.writeBytes(content);
        body.writeBytes(",\"sign\":\"%s\"}".formatted(sign).getBytes(UTF_8));
        return new Response(200, Map.of(), body.toByteArray(), Hangs.NEVER);
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
