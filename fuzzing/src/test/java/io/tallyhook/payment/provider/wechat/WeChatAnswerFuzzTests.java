package io.tallyhook.payment.provider.wechat;

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
import tallyhook.fuzzing.Sound;
import tallyhook.testing.StubServer;
import tallyhook.testing.StubServer.Hangs;
import tallyhook.testing.StubServer.Response;
import tallyhook.testing.TestAccounts;
import tallyhook.testing.TestKeys;

/**
 * Answers of WeChat Pay's API over real HTTP, signed by it, whatever they say: the first character is which call, the
 * second which status, the rest the body.
 */
class WeChatAnswerFuzzTests {

    private static final Instant NOW = Instant.parse("2026-01-01T04:00:00Z");
    private static final List<Integer> STATUS = List.of(200, 202, 204, 400, 403, 404, 429, 500);
    private static final StubServer SERVER = new StubServer();
    private static final ProviderHttp HTTP = new ProviderHttp(Duration.ofSeconds(20), Duration.ofSeconds(20));
    private static final WeChatGateway GATEWAY = new WeChatGateway(
            new WeChatAccounts(List.of(() -> List.of(TestAccounts.weChat("main", SERVER.uri())))),
            new WeChatClient(HTTP, Clock.fixed(NOW, ZoneOffset.UTC)));

    @FuzzTest
    void anAnswerIsUnderstoodOrUnclear(byte[] answer) {
        if (answer.length < 2) {
            return;
        }
        int status = STATUS.get(Math.floorMod(answer[1] - '0', STATUS.size()));
        SERVER.answers(request -> signed(status, Arrays.copyOfRange(answer, 2, answer.length)));
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
            default -> GATEWAY.queryRefund(refund()).ifPresent(WeChatAnswerFuzzTests::sound);
        }
    }

    private static void sound(RefundAnswer answer) {
        if (answer instanceof RefundAnswer.Ended ended) {
            assertThat(ended.fact().refundNo()).isEqualTo("R123456");
            Sound.fact(ended.fact());
        }
    }

    private static Response signed(int status, byte[] content) {
        var body = status == 204 ? new byte[0] : content;
        var message = new ByteArrayOutputStream();
        message.writeBytes("%d\nnonce\n".formatted(NOW.getEpochSecond()).getBytes(UTF_8));
        message.writeBytes(body);
        message.write('\n');
        var headers = Map.of(
                "Wechatpay-Serial",
                TestAccounts.PUBLIC_KEY_ID,
                "Wechatpay-Timestamp",
                String.valueOf(NOW.getEpochSecond()),
                "Wechatpay-Nonce",
                "nonce",
                "Wechatpay-Signature",
                RsaSha256.sign(TestKeys.weChatPay().getPrivate(), message.toByteArray()));
        return new Response(status, headers, body, Hangs.NEVER);
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
}
