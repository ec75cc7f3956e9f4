package io.tallyhook.payment.provider.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tallyhook.testing.TestKeys;
import tallyhook.testing.TestPem;

/** What the operator reads when the application does not start. */
@ExtendWith(OutputCaptureExtension.class)
class FailedStartTests {

    private static final String WECHAT = "--tallyhook.providers.wechat.main.";

    @Test
    void c25_an_unknown_setting_is_named_without_its_value(CapturedOutput output) {
        start("app-secret-of-a-misspelled-name=very-secret-value");

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("There is no such setting: tallyhook.providers.wechat.main.app-secret-of-a-misspelled-name.")
                .doesNotContain("very-secret-value");
    }

    @Test
    void c25_c30_an_unusable_setting_is_named_without_its_value(CapturedOutput output) {
        start("app-id=wx1", "mch-id=1900000001", "api-v3-key=very-secret-value");

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains(
                        "tallyhook.providers.wechat.main.api-v3-key must be exactly 32 ASCII characters, as set on the merchant platform.")
                .doesNotContain("very-secret-value");
    }

    @Test
    void c25_a_key_in_the_wrong_place_is_not_shown(CapturedOutput output) {
        var key = TestPem.base64(TestKeys.merchant().getPrivate());
        start(
                "app-id=wx1",
                "mch-id=1900000001",
                "api-v3-key=0123456789abcdef0123456789abcdef",
                "public-key-id=PUB_KEY_ID_1",
                "public-key=" + key);

        assertThat(output)
                .contains("tallyhook.providers.wechat.main.public-key is not an RSA public key")
                .doesNotContain(key.substring(0, 40))
                .doesNotContain("0123456789abcdef0123456789abcdef");
    }

    private static void start(String... settings) {
        var arguments = java.util.Arrays.stream(settings).map(WECHAT::concat).toArray(String[]::new);
        assertThatThrownBy(() -> new SpringApplicationBuilder(ProviderSettingsTests.Providers.class)
                        .web(WebApplicationType.NONE)
                        .run(arguments))
                .isInstanceOf(RuntimeException.class);
    }
}
