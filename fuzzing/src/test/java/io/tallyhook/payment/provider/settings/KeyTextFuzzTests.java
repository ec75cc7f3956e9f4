package io.tallyhook.payment.provider.settings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.function.Function;

/** Keys and certificates as operators paste them. */
class KeyTextFuzzTests {

    private static final String NAME = "tallyhook.providers.wechat.main.public-key";
    private static final List<Function<KeyText, Object>> READERS =
            List.of(KeyText::publicKey, KeyText::privateKey, KeyText::certificate);

    @FuzzTest
    void aTextIsAKeyOrSaidToBeNoneWithoutQuotingIt(byte[] bytes) {
        var text = new String(bytes, UTF_8);
        if (text.startsWith("file:") || text.startsWith("classpath:")) {
            return;
        }
        for (var reader : READERS) {
            try {
                assertThat(reader.apply(new KeyText(NAME, text))).isNotNull();
            } catch (UnusableSetting asItShould) {
                assertThat(asItShould).hasMessageStartingWith(NAME).hasNoCause();
            }
        }
    }
}
