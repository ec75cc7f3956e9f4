package io.tallyhook.payment.provider.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tallyhook.testing.TestKeys;
import tallyhook.testing.Vectors;

class RsaSha256Tests {

    private final byte[] message = "message".getBytes(UTF_8);
    private final String signature = RsaSha256.sign(TestKeys.merchant().getPrivate(), message);

    @ParameterizedTest
    @CsvSource({"wx.request.message,wx.request.signature", "wx.jsapi.message,wx.jsapi.paySign"})
    void known_signatures_of_merchants_are_believed(String known, String by) {
        assertThat(RsaSha256.verifies(
                        Vectors.publicKey("merchant_public.pem"),
                        Vectors.line(by),
                        Vectors.line(known).getBytes(UTF_8)))
                .isTrue();
    }

    @Test
    void parts_are_signed_one_after_the_other() {
        var key = TestKeys.merchant().getPublic();

        assertThat(RsaSha256.verifies(key, signature, "mess".getBytes(UTF_8), "age".getBytes(UTF_8)))
                .isTrue();
        assertThat(RsaSha256.verifies(key, signature, "age".getBytes(UTF_8), "mess".getBytes(UTF_8)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "=", "AAAA", "%", "WECHATPAY/SIGNTEST/", "中文"})
    void what_is_no_signature_is_a_no_and_never_an_exception(String nonsense) {
        assertThat(RsaSha256.verifies(TestKeys.merchant().getPublic(), nonsense, message))
                .isFalse();
    }

    @Test
    void a_signature_can_be_written_in_one_way_only() {
        var key = TestKeys.merchant().getPublic();
        var unpadded = signature.substring(0, signature.length() - 2);
        // The last character before the padding has four bits that mean nothing.
        char last = unpadded.charAt(unpadded.length() - 1);
        var otherBits = unpadded.substring(0, unpadded.length() - 1) + (char) (last + 1) + "==";

        assertThat(RsaSha256.verifies(key, signature, message)).isTrue();
        assertThat(RsaSha256.verifies(key, unpadded, message)).isFalse();
        assertThat(RsaSha256.verifies(key, otherBits, message)).isFalse();
        assertThat(RsaSha256.verifies(key, signature + "\n", message)).isFalse();
    }
}
