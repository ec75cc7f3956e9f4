package io.tallyhook.payment.provider.alipay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tallyhook.payment.provider.wire.NotBelieved;
import java.nio.charset.Charset;
import java.time.Instant;
import java.util.List;
import tallyhook.fuzzing.Sound;
import tallyhook.testing.TestAccounts;

/** A notification's form behind its signature, in both charsets. */
class AlipayFormFuzzTests {

    private static final Instant NOW = Instant.parse("2026-01-01T04:00:06Z");
    private static final List<Charset> CHARSETS = List.of(UTF_8, Charset.forName("GBK"));

    @FuzzTest
    void aFormIsASoundFactOrNotBelieved(byte[] body) {
        for (var charset : CHARSETS) {
            try {
                var form = AlipayForm.parse(body);
                assertThat(form.signedContent()).hasSizeLessThanOrEqualTo(body.length);
                var fields = new AlipayFields(form.texts(charset));
                Sound.fact(AlipayFacts.trade(fields, AlipayCallbacks.identity(TestAccounts.alipay()), NOW));
            } catch (NotBelieved asItShould) {
                assertThat(asItShould).hasNoCause();
            }
        }
    }
}
