package io.tallyhook.payment.provider.wechat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tallyhook.payment.provider.Delivery;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Verdict;
import io.tallyhook.payment.provider.wire.Cryptography;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tallyhook.testing.Vectors;

/** Whole deliveries: five lines of headers, then the body. Nobody but the owner of the vectors' key can make another one. */
class WeChatDeliveryFuzzTests {

    private static final List<String> HEADERS = List.of(
            WeChatSignature.SERIAL,
            WeChatSignature.TIMESTAMP,
            WeChatSignature.NONCE,
            WeChatSignature.SIGNATURE,
            WeChatSignature.TYPE);

    private static final WeChatAccount ACCOUNT = new WeChatAccount(
            "vectors",
            "wx0000000000000001",
            "1900000001",
            Vectors.line("wx.v3key").getBytes(US_ASCII),
            Optional.empty(),
            Map.of(Vectors.line("wx.serial"), Vectors.publicKey("provider_public.pem")),
            WeChatAccount.WECHAT_PAY);

    private final WeChatCallbacks callbacks =
            new WeChatCallbacks(new WeChatAccounts(List.of(() -> List.of(ACCOUNT))), Cryptography.jdk());

    @FuzzTest
    void onlyWhatWasSignedIsBelieved(byte[] bytes) {
        var delivery = delivery(new String(bytes, ISO_8859_1));

        if (callbacks.verify(delivery) instanceof Verdict.Genuine genuine) {
            assertThat(genuine.fact().outTradeNo()).isEqualTo("VK20260101000001");
            assertThat(genuine.fact()).isInstanceOfAny(Fact.Paid.class, Fact.Refunded.class);
            assertThat(genuine.fact().claim().parties()).containsValue("1900000001");
        }
        assertThat(callbacks.content(delivery)).startsWith("{");
    }

    private static Delivery delivery(String text) {
        var headers = new HashMap<String, String>();
        var rest = text;
        for (var name : HEADERS) {
            int end = rest.indexOf('\n');
            if (end < 0) {
                break;
            }
            headers.put(name, rest.substring(0, end));
            rest = rest.substring(end + 1);
        }
        headers.values().removeIf(String::isEmpty);
        return new Delivery(
                new UUID(0, 0),
                Instant.ofEpochSecond(1_767_240_001),
                "wechat",
                "vectors",
                headers,
                rest.getBytes(ISO_8859_1));
    }
}
