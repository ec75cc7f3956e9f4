package io.tallyhook.payment.provider.alipay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.provider.Delivery;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Verdict;
import io.tallyhook.payment.provider.wire.Cryptography;
import java.nio.charset.Charset;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tallyhook.testing.Vectors;

class AlipayKnownAnswerTests {

    private static final long SEED = 20260101;
    private static final Instant NOW = Instant.parse("2026-01-01T04:00:06Z");

    private final AlipayCallbacks callbacks = new AlipayCallbacks(
            new AlipayAccounts(List.of(() -> List.of(account("utf-8", UTF_8), account("gbk", Charset.forName("GBK"))))),
            Cryptography.jdk());
    private final byte[] form = Vectors.bytes("alipay_notify_utf8.form");

    @Test
    void the_known_payment_is_read() {
        var fact = (Fact.Paid) genuine("utf-8", form).fact();

        assertThat(fact.amount()).isEqualTo(Money.fen(8888));
        assertThat(fact.outTradeNo()).isEqualTo("VK20260101000002");
        assertThat(fact.claim()).isEqualTo(callbacks.identity("utf-8"));
        assertThat(fact.paidAt()).isEqualTo(Instant.parse("2026-01-01T04:00:05Z"));
    }

    @Test
    void the_signed_content_is_known_to_the_byte() {
        assertThat(AlipayForm.parse(form).signedContent())
                .asString(UTF_8)
                .isEqualTo(new String(Vectors.bytes("alipay_notify_utf8.signcontent.txt"), UTF_8));
    }

    @Test
    void the_known_payment_in_gbk_is_read_and_only_as_gbk() {
        var gbk = Vectors.bytes("alipay_notify_gbk.form");

        assertThat(genuine("gbk", gbk).fact()).isInstanceOf(Fact.Paid.class);
        assertThat(verify("utf-8", gbk)).isInstanceOf(Verdict.Rejected.class);
        assertThat(verify("gbk", form)).isInstanceOf(Verdict.Rejected.class);
    }

    @Test
    void a_changed_byte_of_the_body_is_refused_or_means_the_very_same() {
        var original = verify("utf-8", form);
        var random = new Random(SEED);
        for (int at = 0; at < form.length; at++) {
            var changed = form.clone();
            changed[at] ^= (byte) (1 << random.nextInt(8));
            var verdict = verify("utf-8", changed);
            if (verdict instanceof Verdict.Genuine) {
                assertThat(verdict)
                        .as("byte %d became %c, seed %d", at, changed[at], SEED)
                        .isEqualTo(original);
            }
        }
    }

    @Test
    void no_character_of_the_signature_can_be_changed() {
        var text = new String(form, UTF_8);
        int start = text.indexOf("&sign=") + "&sign=".length();
        var random = new Random(SEED);
        for (int at = start; at < text.indexOf("&sign_type="); at++) {
            var changed = form.clone();
            // An escape may be written in small letters; that is the same signature.
            do {
                changed[at] = (byte) ('!' + random.nextInt(94));
            } while (Character.toUpperCase((char) changed[at]) == Character.toUpperCase((char) form[at]));
            assertThat(verify("utf-8", changed))
                    .as("byte %d became %c, seed %d", at, changed[at], SEED)
                    .isInstanceOf(Verdict.Rejected.class);
        }
    }

    private Verdict.Genuine genuine(String account, byte[] body) {
        var verdict = verify(account, body);
        assertThat(verdict).isInstanceOf(Verdict.Genuine.class);
        return (Verdict.Genuine) verdict;
    }

    private Verdict verify(String account, byte[] body) {
        return callbacks.verify(new Delivery(UUID.randomUUID(), NOW, "alipay", account, Map.of(), body));
    }

    private static AlipayAccount account(String name, Charset charset) {
        return new AlipayAccount(
                name,
                "2021000000000001",
                "2088000000000002",
                Optional.empty(),
                Vectors.publicKey("provider_public.pem"),
                charset,
                AlipayAccount.ALIPAY);
    }
}
