package io.tallyhook.payment.provider.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tallyhook.payment.provider.wire.CryptographySettings.Choice;
import java.security.GeneralSecurityException;
import java.security.Security;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import tallyhook.testing.TestKeys;

/** Who does the arithmetic is a matter of speed only: never of the answer, and never of whether we start. */
class CryptographyTests {

    private static final Supplier<Optional<Cryptography>> NOT_THERE = Optional::empty;

    private final byte[] message = "message".getBytes(UTF_8);
    private final String signature = RsaSha256.sign(TestKeys.weChatPay().getPrivate(), message);

    @Test
    void what_the_jdk_believes_the_fast_provider_believes_too() {
        var fast = fast();
        var key = fast.own(TestKeys.weChatPay().getPublic());

        assertThat(RsaSha256.verifies(fast, key, signature, message)).isTrue();
        assertThat(RsaSha256.verifies(fast, TestKeys.weChatPay().getPublic(), signature, message))
                .as("a key that is not in its own form works too")
                .isTrue();
        assertThat(RsaSha256.verifies(key, signature, message))
                .as("and the JDK can use a key of its form")
                .isTrue();
    }

    @Test
    void what_is_forged_or_malformed_the_fast_provider_refuses_too() {
        var fast = fast();
        var key = fast.own(TestKeys.weChatPay().getPublic());

        assertThat(RsaSha256.verifies(fast, key, signature, "messagf".getBytes(UTF_8)))
                .isFalse();
        assertThat(RsaSha256.verifies(fast, fast.own(TestKeys.alipay().getPublic()), signature, message))
                .isFalse();
        for (var nonsense : new String[] {"", "AAAA", "no base64", signature.substring(4), signature + "AAAA"}) {
            assertThat(RsaSha256.verifies(fast, key, nonsense, message))
                    .as(nonsense)
                    .isFalse();
        }
    }

    @Test
    void what_the_jdk_encrypted_the_fast_provider_decrypts_but_not_if_a_bit_was_changed() throws Exception {
        var fast = fast();
        var encrypted = aes(Cryptography.jdk().cipher(), Cipher.ENCRYPT_MODE, message);

        assertThat(aes(fast.cipher(), Cipher.DECRYPT_MODE, encrypted)).isEqualTo(message);
        encrypted[0] ^= 1;
        assertThatThrownBy(() -> aes(fast.cipher(), Cipher.DECRYPT_MODE, encrypted))
                .isInstanceOf(AEADBadTagException.class);
    }

    @Test
    void automatically_the_fast_one_is_taken_where_it_is_there_and_the_jdk_otherwise() {
        var fast = fast();

        assertThat(CryptographyConfiguration.choose(Choice.AUTO, () -> Optional.of(fast)))
                .isSameAs(fast);
        assertThat(CryptographyConfiguration.choose(Choice.AUTO, NOT_THERE)).isSameAs(Cryptography.jdk());
    }

    @Test
    void a_fast_provider_that_is_asked_for_and_not_there_does_not_stop_the_start() {
        assertThat(CryptographyConfiguration.choose(Choice.CORRETTO, NOT_THERE)).isSameAs(Cryptography.jdk());
    }

    @Test
    void who_wants_the_jdk_gets_it_and_the_native_library_is_not_even_loaded() {
        var chosen = CryptographyConfiguration.choose(Choice.JDK, () -> {
            throw new AssertionError("asked for");
        });

        assertThat(chosen).isSameAs(Cryptography.jdk());
    }

    @Test
    void nothing_else_in_the_process_gets_another_provider() {
        var fast = fast();

        assertThat(fast.name()).startsWith("AmazonCorretto");
        assertThat(Security.getProviders())
                .extracting(Object::toString)
                .noneMatch(provider -> provider.contains("Corretto"));
    }

    /** Where the library is part of the build, it must load: a silent fall-back would cost half the throughput. */
    private static Cryptography fast() {
        var system = System.getProperty("os.name") + "/" + System.getProperty("os.arch");
        assumeThat(system).isIn("Linux/amd64", "Linux/aarch64");
        return Cryptography.corretto().orElseThrow();
    }

    private static byte[] aes(Cipher cipher, int mode, byte[] text) throws GeneralSecurityException {
        cipher.init(mode, new SecretKeySpec(new byte[32], "AES"), new GCMParameterSpec(128, new byte[12]));
        cipher.updateAAD("data".getBytes(UTF_8));
        return cipher.doFinal(text);
    }
}
