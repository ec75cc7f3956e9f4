package io.tallyhook.payment.provider.alipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.alipay.api.AlipayApiException;
import com.alipay.api.internal.util.AlipaySignature;
import io.tallyhook.payment.provider.Rejection;
import io.tallyhook.payment.provider.Verdict;
import io.tallyhook.payment.provider.wire.Cryptography;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tallyhook.testing.AlipayNotification;
import tallyhook.testing.TestAccounts;
import tallyhook.testing.TestKeys;

/** The official SDK as an oracle: both believe the same messages, and where it stumbles we do not. */
class AlipaySdkOracleTests {

    private static final String PUBLIC_KEY =
            Base64.getEncoder().encodeToString(TestKeys.alipay().getPublic().getEncoded());
    private static final String PRIVATE_KEY =
            Base64.getEncoder().encodeToString(TestKeys.alipay().getPrivate().getEncoded());

    private final AlipayAccount utf8 = TestAccounts.alipay();
    private final AlipayAccount gbk =
            TestAccounts.alipay("gbk", Charset.forName("GBK"), URI.create("http://127.0.0.1:9/gateway.do"));
    private final AlipayCallbacks callbacks =
            new AlipayCallbacks(new AlipayAccounts(List.of(() -> List.of(utf8, gbk))), Cryptography.jdk());
    private final AlipayNotification paid = AlipayNotification.paid("P123456", 8888);

    @Test
    void both_believe_the_same_message_in_both_charsets() throws Exception {
        for (var account : List.of(utf8, gbk)) {
            assertThat(verify(paid.by(account))).isInstanceOf(Verdict.Genuine.class);
            assertThat(sdkBelieves(fields(paid.by(account), account), account)).isTrue();
        }
    }

    @Test
    void what_the_sdk_signs_we_accept() throws Exception {
        for (var account : List.of(utf8, gbk)) {
            var fields = new HashMap<>(paid.by(account).signedFields());
            fields.remove("sign_type");
            var content = AlipaySignature.getSignContent(fields);
            var sign = AlipaySignature.rsaSign(
                    content, PRIVATE_KEY, account.charset().name(), "RSA2");

            assertThat(verify(paid.by(account).forged("sign", sign))).isInstanceOf(Verdict.Genuine.class);
        }
    }

    @Test
    void both_refuse_a_changed_amount() throws Exception {
        assertThat(sdkBelieves(fields(paid.tampered(), utf8), utf8)).isFalse();
        assertThat(reason(paid.tampered())).isEqualTo(Rejection.SIGNATURE_WRONG);
    }

    @Test
    void the_sdk_overlooks_an_added_blank_field_and_we_do_not() throws Exception {
        var added = paid.forged("added", " ");

        assertThat(sdkBelieves(fields(added, utf8), utf8)).isTrue();
        assertThat(reason(added)).isEqualTo(Rejection.SIGNATURE_WRONG);
    }

    @Test
    void the_sdk_throws_without_a_signature_and_we_refuse() {
        assertThatThrownBy(() -> sdkBelieves(fields(paid.unsigned(), utf8), utf8))
                .isInstanceOfAny(AlipayApiException.class, RuntimeException.class);
        assertThat(reason(paid.unsigned())).isEqualTo(Rejection.SIGNATURE_MISSING);
    }

    @Test
    void the_sdk_believes_sha1_if_told_so_and_we_never_do() throws Exception {
        var fields = fields(paid.signedBySha1(), utf8);

        assertThat(AlipaySignature.rsaCheckV1(fields, PUBLIC_KEY, "UTF-8", "RSA"))
                .isTrue();
        assertThat(reason(paid.signedBySha1())).isEqualTo(Rejection.SIGNATURE_WRONG);
    }

    @Test
    void the_sdk_eats_the_signature_so_a_second_check_fails_and_ours_does_not() throws Exception {
        var fields = fields(paid, utf8);
        var delivery = paid.toDelivery();

        assertThat(sdkBelieves(fields, utf8)).isTrue();
        assertThat(fields).doesNotContainKey("sign");
        assertThat(callbacks.verify(delivery)).isEqualTo(callbacks.verify(delivery));
    }

    @Test
    void the_sdks_other_rules_refuse_a_genuine_payment_and_we_do_not() throws Exception {
        assertThat(AlipaySignature.rsaCheckV2(fields(paid, utf8), PUBLIC_KEY, "UTF-8", "RSA2"))
                .isFalse();
        assertThat(AlipaySignature.rsaCheckV1(fields(paid, utf8), PUBLIC_KEY, "UTF-8"))
                .isFalse();
        assertThat(verify(paid)).isInstanceOf(Verdict.Genuine.class);
    }

    private Verdict verify(AlipayNotification notification) {
        return callbacks.verify(notification.toDelivery());
    }

    private Rejection reason(AlipayNotification notification) {
        return ((Verdict.Rejected) verify(notification)).reason();
    }

    private static boolean sdkBelieves(Map<String, String> fields, AlipayAccount account) throws AlipayApiException {
        return AlipaySignature.verifyV1(fields, PUBLIC_KEY, account.charset().name(), "RSA2");
    }

    /** Decoded by the JDK, not by us. */
    private static Map<String, String> fields(AlipayNotification notification, AlipayAccount account) {
        var fields = new HashMap<String, String>();
        for (var pair : new String(notification.body(), StandardCharsets.ISO_8859_1).split("&")) {
            var parts = pair.split("=", 2);
            fields.put(parts[0], java.net.URLDecoder.decode(parts[1], account.charset()));
        }
        return fields;
    }
}
