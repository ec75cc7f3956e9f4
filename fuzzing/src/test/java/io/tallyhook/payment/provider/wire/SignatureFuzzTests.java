package io.tallyhook.payment.provider.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import tallyhook.testing.Vectors;

/** Signatures of the known Alipay form, in whatever shape. */
class SignatureFuzzTests {

    private static final byte[] CONTENT = Vectors.bytes("alipay_notify_utf8.signcontent.txt");

    @FuzzTest
    void onlyTheOneSignatureCounts(byte[] bytes) {
        var text = new String(bytes, ISO_8859_1);

        var verifies = RsaSha256.verifies(Vectors.publicKey("provider_public.pem"), text, CONTENT);

        assertThat(verifies).isEqualTo(text.equals(Vectors.line("ali.sign")));
    }
}
