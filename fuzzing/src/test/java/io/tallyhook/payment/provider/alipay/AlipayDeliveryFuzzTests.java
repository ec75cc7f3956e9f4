package io.tallyhook.payment.provider.alipay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tallyhook.payment.provider.Delivery;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Verdict;
import io.tallyhook.payment.provider.wire.Cryptography;
import java.nio.charset.Charset;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tallyhook.testing.Vectors;

/** Whole deliveries. Nobody but the owner of the vectors' key can make another one. */
class AlipayDeliveryFuzzTests {

    private static final Instant NOW = Instant.parse("2026-01-01T04:00:06Z");

    private final AlipayCallbacks callbacks = new AlipayCallbacks(
            new AlipayAccounts(List.of(() -> List.of(account("utf-8", UTF_8), account("gbk", Charset.forName("GBK"))))),
            Cryptography.jdk());

    /** A form can be written in several ways, so a changed one may be genuine, but then it says the very same. */
    @FuzzTest
    void onlyWhatWasSignedIsBelieved(byte[] body) {
        for (var account : callbacks.accounts()) {
            var delivery = new Delivery(new UUID(0, 0), NOW, "alipay", account, Map.of(), body);
            if (callbacks.verify(delivery) instanceof Verdict.Genuine genuine) {
                assertThat(genuine.fact()).isEqualTo(known(account));
            }
            assertThat(callbacks.content(delivery)).startsWith("{");
        }
    }

    private Fact known(String account) {
        var body = Vectors.bytes(account.equals("gbk") ? "alipay_notify_gbk.form" : "alipay_notify_utf8.form");
        var delivery = new Delivery(new UUID(0, 0), NOW, "alipay", account, Map.of(), body);
        return ((Verdict.Genuine) callbacks.verify(delivery)).fact();
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
