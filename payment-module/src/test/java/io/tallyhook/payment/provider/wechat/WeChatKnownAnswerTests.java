package io.tallyhook.payment.provider.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.provider.Delivery;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Rejection;
import io.tallyhook.payment.provider.Verdict;
import io.tallyhook.payment.provider.wire.Cryptography;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tallyhook.testing.Vectors;

class WeChatKnownAnswerTests {

    private static final long SEED = 20260101;

    private final WeChatAccount account = new WeChatAccount(
            "vectors",
            "wx0000000000000001",
            "1900000001",
            Vectors.line("wx.v3key").getBytes(StandardCharsets.US_ASCII),
            Optional.empty(),
            Map.of(Vectors.line("wx.serial"), Vectors.publicKey("provider_public.pem")),
            WeChatAccount.WECHAT_PAY);
    private final WeChatCallbacks callbacks =
            new WeChatCallbacks(new WeChatAccounts(List.of(() -> List.of(account))), Cryptography.jdk());
    private final byte[] payment = Vectors.bytes("wechat_v3_notify_body.json");

    @Test
    void the_known_payment_is_read() {
        var fact = (Fact.Paid) ((Verdict.Genuine) callbacks.verify(delivery(headers("wx.signature"), payment))).fact();

        assertThat(fact.amount()).isEqualTo(Money.fen(100));
        assertThat(fact.claim()).isEqualTo(callbacks.identity("vectors"));
        assertThat(fact.outTradeNo()).isEqualTo("VK20260101000001");
    }

    @Test
    void the_known_refund_is_read() {
        var body = Vectors.bytes("wechat_v3_refund_body.json");

        var fact = (Fact.Refunded)
                ((Verdict.Genuine) callbacks.verify(delivery(headers("wx.refund.signature"), body))).fact();

        assertThat(fact.amount()).isEqualTo(Money.fen(30));
        assertThat(fact.total()).isEqualTo(Money.fen(100));
    }

    @Test
    void the_signature_of_one_message_does_not_count_for_another() {
        assertThat(callbacks.verify(delivery(headers("wx.refund.signature"), payment)))
                .isEqualTo(Verdict.Rejected.because(Rejection.SIGNATURE_WRONG));
    }

    @Test
    void no_byte_of_the_body_can_be_changed() {
        var random = new Random(SEED);
        for (int at = 0; at < payment.length; at++) {
            var changed = payment.clone();
            changed[at] ^= (byte) (1 << random.nextInt(8));
            assertThat(callbacks.verify(delivery(headers("wx.signature"), changed)))
                    .as("byte %d, seed %d", at, SEED)
                    .isEqualTo(Verdict.Rejected.because(Rejection.SIGNATURE_WRONG));
        }
    }

    @Test
    void nothing_can_be_added_to_the_body_or_taken_away() {
        for (var changed : List.of("\n", " ", "\0")) {
            assertThat(callbacks.verify(
                            delivery(headers("wx.signature"), (text() + changed).getBytes(StandardCharsets.UTF_8))))
                    .isInstanceOf(Verdict.Rejected.class);
        }
        assertThat(callbacks.verify(delivery(
                        headers("wx.signature"),
                        text().substring(0, text().length() - 1).getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(Verdict.Rejected.class);
    }

    @Test
    void no_character_of_a_signed_header_can_be_changed() {
        var random = new Random(SEED);
        for (var name : List.of("serial", "timestamp", "nonce", "signature")) {
            var header = "wechatpay-" + name;
            var value = headers("wx.signature").getOrDefault(header, "");
            for (int at = 0; at < value.length(); at++) {
                var changed = new StringBuilder(value);
                changed.setCharAt(at, (char) (value.charAt(at) ^ (1 << random.nextInt(7))));
                var headers = headers("wx.signature");
                headers.put(header, changed.toString());
                assertThat(callbacks.verify(delivery(headers, payment)))
                        .as("%s, character %d, seed %d", name, at, SEED)
                        .isInstanceOf(Verdict.Rejected.class);
            }
        }
    }

    @Test
    void a_line_end_cannot_be_moved_between_the_signed_parts() {
        var headers = headers("wx.signature");
        headers.put("wechatpay-nonce", Vectors.line("wx.nonce") + "\n" + text().charAt(0));

        assertThat(callbacks.verify(delivery(headers, text().substring(1).getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(Verdict.Rejected.class);
    }

    private String text() {
        return new String(payment, StandardCharsets.UTF_8);
    }

    private static Map<String, String> headers(String signature) {
        return new HashMap<>(Map.of(
                "wechatpay-serial", Vectors.line("wx.serial"),
                "wechatpay-timestamp", Vectors.line("wx.timestamp"),
                "wechatpay-nonce", Vectors.line("wx.nonce"),
                "wechatpay-signature", Vectors.line(signature)));
    }

    private static Delivery delivery(Map<String, String> headers, byte[] body) {
        return new Delivery(
                UUID.randomUUID(), Instant.ofEpochSecond(1_767_240_001), "wechat", "vectors", headers, body);
    }
}
