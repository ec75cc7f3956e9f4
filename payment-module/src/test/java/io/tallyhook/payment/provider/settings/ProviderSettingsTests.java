package io.tallyhook.payment.provider.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.provider.CallbackProtocol;
import io.tallyhook.payment.provider.LiveAccounts;
import io.tallyhook.payment.provider.PaymentGateway;
import io.tallyhook.payment.provider.alipay.AlipayAccount;
import io.tallyhook.payment.provider.alipay.AlipayAccountSource;
import io.tallyhook.payment.provider.wechat.WeChatAccount;
import io.tallyhook.payment.provider.wechat.WeChatAccountSource;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.io.support.SpringFactoriesLoader;
import tallyhook.testing.TestAccounts;
import tallyhook.testing.TestKeys;
import tallyhook.testing.TestPem;

class ProviderSettingsTests {

    private static final String WECHAT = "tallyhook.providers.wechat.main.";
    private static final String ALIPAY = "tallyhook.providers.alipay.shop-2.";
    private static final String API_V3_KEY = "0123456789abcdef0123456789abcdef";

    private final Map<String, String> wechat = new HashMap<>(Map.of(
            "app-id",
            "wx0000000000000001",
            "mch-id",
            "1900000001",
            "api-v3-key",
            API_V3_KEY,
            "merchant-serial",
            TestAccounts.MERCHANT_SERIAL,
            "merchant-private-key",
            TestPem.pem(TestKeys.merchant().getPrivate()),
            "public-key-id",
            TestAccounts.PUBLIC_KEY_ID,
            "public-key",
            TestPem.pem(TestKeys.weChatPay().getPublic())));

    private final Map<String, String> alipay = new HashMap<>(Map.of(
            "app-id",
            "2021000000000001",
            "seller-id",
            "2088000000000002",
            "app-private-key",
            TestPem.base64(TestKeys.alipayApp().getPrivate()),
            "alipay-public-key",
            TestPem.base64(TestKeys.alipay().getPublic())));

    @Test
    void without_any_account_the_application_starts_and_nothing_is_live() {
        new ApplicationContextRunner().withUserConfiguration(Providers.class).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(LiveAccounts.class).exist()).isFalse();
            assertThat(context.getBeansOfType(CallbackProtocol.class).values())
                    .allSatisfy(protocol -> assertThat(protocol.accounts()).isEmpty());
        });
    }

    @Test
    void configured_accounts_are_live_and_serve_callbacks_and_orders() {
        start().run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(LiveAccounts.class).names()).containsExactly("alipay/shop-2", "wechat/main");
            assertThat(context.getBean(LiveAccounts.class).exist()).isTrue();
            assertThat(context.getBeansOfType(CallbackProtocol.class).values())
                    .extracting(protocol -> protocol.provider() + protocol.accounts())
                    .containsExactlyInAnyOrder("wechat[main]", "alipay[shop-2]");
            assertThat(context.getBeansOfType(PaymentGateway.class).values())
                    .extracting(PaymentGateway::provider)
                    .containsExactlyInAnyOrder("wechat", "alipay");
        });
    }

    @Test
    void a_wechat_account_is_read_with_wechat_pays_own_address_as_default() {
        start().run(context -> {
            var account = weChat(context.getBean(WeChatAccountSource.class));
            assertThat(account.appId()).isEqualTo("wx0000000000000001");
            assertThat(account.mchId()).isEqualTo("1900000001");
            assertThat(account.apiV3Key()).asString(StandardCharsets.US_ASCII).isEqualTo(API_V3_KEY);
            assertThat(account.baseUrl()).isEqualTo(WeChatAccount.WECHAT_PAY);
            assertThat(account.platformKeys())
                    .isEqualTo(Map.of(
                            TestAccounts.PUBLIC_KEY_ID, TestKeys.weChatPay().getPublic()));
            assertThat(account.signing())
                    .contains(new WeChatAccount.Signing(
                            TestAccounts.MERCHANT_SERIAL,
                            TestKeys.merchant().getPrivate(),
                            TestAccounts.PUBLIC_KEY_ID));
        });
    }

    @Test
    void certificates_stand_beside_the_public_key_under_their_serials_in_capitals() {
        wechat.put(
                "certificates[0]",
                TestPem.certificate(TestKeys.weChatPayCertificate(), TestAccounts.CERTIFICATE_SERIAL));
        wechat.put("certificates[1]", TestPem.certificate(TestKeys.of("next-certificate"), "5abc"));

        start().run(context -> assertThat(
                        weChat(context.getBean(WeChatAccountSource.class)).platformKeys())
                .isEqualTo(Map.of(
                        TestAccounts.PUBLIC_KEY_ID,
                        TestKeys.weChatPay().getPublic(),
                        TestAccounts.CERTIFICATE_SERIAL,
                        TestKeys.weChatPayCertificate().getPublic(),
                        "5ABC",
                        TestKeys.of("next-certificate").getPublic())));
    }

    @Test
    void certificates_alone_are_enough_and_answers_are_then_asked_for_under_the_first() {
        wechat.remove("public-key-id");
        wechat.remove("public-key");
        wechat.put(
                "certificates[0]",
                TestPem.certificate(TestKeys.weChatPayCertificate(), TestAccounts.CERTIFICATE_SERIAL));

        start().run(context -> assertThat(weChat(context.getBean(WeChatAccountSource.class))
                        .signing()
                        .orElseThrow()
                        .answerKeyId())
                .isEqualTo(TestAccounts.CERTIFICATE_SERIAL));
    }

    @Test
    void an_alipay_account_is_read_with_alipays_own_address_and_utf_8_as_defaults() {
        start().run(context -> assertThat(alipay(context.getBean(AlipayAccountSource.class)))
                .isEqualTo(new AlipayAccount(
                        "shop-2",
                        "2021000000000001",
                        "2088000000000002",
                        Optional.of(TestKeys.alipayApp().getPrivate()),
                        TestKeys.alipay().getPublic(),
                        StandardCharsets.UTF_8,
                        AlipayAccount.ALIPAY)));
    }

    @Test
    void addresses_and_charset_can_be_set() {
        wechat.put("base-url", "http://127.0.0.1:8080/sandbox/");
        alipay.put("gateway-url", "http://127.0.0.1:8080/gateway.do");
        alipay.put("charset", "gbk");

        start().run(context -> {
            assertThat(weChat(context.getBean(WeChatAccountSource.class)).baseUrl())
                    .isEqualTo(URI.create("http://127.0.0.1:8080/sandbox"));
            var account = alipay(context.getBean(AlipayAccountSource.class));
            assertThat(account.gatewayUrl()).isEqualTo(URI.create("http://127.0.0.1:8080/gateway.do"));
            assertThat(account.charset()).isEqualTo(Charset.forName("GBK"));
        });
    }

    @Test
    void an_account_without_signing_keys_only_receives() {
        wechat.remove("merchant-serial");
        wechat.remove("merchant-private-key");
        alipay.remove("app-private-key");

        start().run(context -> {
            assertThat(weChat(context.getBean(WeChatAccountSource.class)).signing())
                    .isEmpty();
            assertThat(alipay(context.getBean(AlipayAccountSource.class)).appPrivateKey())
                    .isEmpty();
        });
    }

    @Test
    void keys_are_read_from_files_and_in_every_form(@TempDir Path folder) throws IOException {
        var pem = Files.writeString(
                folder.resolve("merchant.pem"), TestPem.pem(TestKeys.merchant().getPrivate()));
        wechat.put("merchant-private-key", pem.toUri().toString());
        wechat.put("public-key", TestPem.base64(TestKeys.weChatPay().getPublic()));
        alipay.put("alipay-public-key", "classpath:vectors/provider_public.pem");
        alipay.put(
                "app-private-key",
                TestPem.pem(TestKeys.alipayApp().getPrivate()).replace("\n", "\\n"));

        start().run(context -> assertThat(context).hasNotFailed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app-id",
                "mch-id",
                "api-v3-key",
                "merchant-serial",
                "merchant-private-key",
                "public-key-id",
                "public-key"
            })
    void c30_a_missing_or_blank_wechat_setting_stops_the_start_by_its_name(String name) {
        wechat.remove(name);
        assertStopped(WECHAT + name, "is missing");
        wechat.put(name, " ");
        assertStopped(WECHAT + name, "is blank");
    }

    @ParameterizedTest
    @ValueSource(strings = {"app-id", "seller-id", "alipay-public-key"})
    void c30_a_missing_or_blank_alipay_setting_stops_the_start_by_its_name(String name) {
        alipay.remove(name);
        assertStopped(ALIPAY + name, "is missing");
        alipay.put(name, "");
        assertStopped(ALIPAY + name, "is blank");
    }

    @Test
    void c30_a_blank_alipay_signing_key_is_a_mistake_and_not_an_absent_one() {
        alipay.put("app-private-key", "  ");

        assertStopped(ALIPAY + "app-private-key", "is blank");
    }

    @Test
    void c30_without_any_key_to_verify_callbacks_with_there_is_no_start() {
        wechat.remove("public-key-id");
        wechat.remove("public-key");

        assertStopped(WECHAT + "public-key", "certificates[0]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0123456789abcdef0123456789abcde",
                "0123456789abcdef0123456789abcdef0",
                "0123456789abcdef0123456789abcd中文"
            })
    void the_api_v3_key_has_32_ascii_characters_and_is_never_quoted(String key) {
        wechat.put("api-v3-key", key);

        assertStopped(WECHAT + "api-v3-key", "must be exactly 32 ASCII characters", key);
    }

    @ParameterizedTest
    @CsvSource({
        "merchant-private-key,PUBLIC KEY",
        "merchant-private-key,RSA PRIVATE KEY",
        "merchant-private-key,ENCRYPTED PRIVATE KEY",
        "public-key,PRIVATE KEY",
        "public-key,CERTIFICATE"
    })
    void a_key_of_the_wrong_kind_is_named(String name, String label) {
        var secret = TestKeys.merchant().getPrivate().getEncoded();
        wechat.put(name, TestPem.pem(label, secret));

        assertStopped(
                WECHAT + name,
                "but is: BEGIN " + label,
                TestPem.base64(TestKeys.merchant().getPrivate()).substring(0, 20));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c2VjcmV0IG5vbnNlbnNl",
                "%%%secret%%%",
                "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----"
            })
    void an_unusable_key_is_never_quoted(String key) {
        wechat.put("merchant-private-key", key);

        assertStopped(WECHAT + "merchant-private-key", "is ", "c2VjcmV0", "%secret%");
    }

    @Test
    void a_file_that_is_not_there_is_named() {
        alipay.put("alipay-public-key", "file:/nowhere/alipay.pem");

        assertStopped(ALIPAY + "alipay-public-key", "cannot be read: file:/nowhere/alipay.pem");
    }

    @Test
    void a_certificate_that_is_none_is_named_by_its_number() {
        wechat.put(
                "certificates[0]",
                TestPem.certificate(TestKeys.weChatPayCertificate(), TestAccounts.CERTIFICATE_SERIAL));
        wechat.put("certificates[1]", "bm8gY2VydGlmaWNhdGU=");

        assertStopped(WECHAT + "certificates[1]", "is not an X.509 certificate");
    }

    @Test
    void a_weak_key_stops_the_start() throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        alipay.put(
                "alipay-public-key", TestPem.base64(generator.generateKeyPair().getPublic()));

        assertStopped(ALIPAY + "alipay-public-key", "at least 2048 bits");
    }

    @Test
    void the_applications_own_public_key_is_not_alipays() {
        alipay.put("alipay-public-key", TestPem.base64(TestKeys.alipayApp().getPublic()));

        assertStopped(ALIPAY + "alipay-public-key", "is the public key of the application");
    }

    @ParameterizedTest
    @CsvSource({"mch-id,19x", "public-key-id,0119", "base-url,ftp://x", "base-url,localhost", "base-url,https://x?a=b"})
    void a_wechat_setting_of_the_wrong_form_stops_the_start(String name, String value) {
        wechat.put(name, value);

        assertStopped(WECHAT + name, "must be");
    }

    @ParameterizedTest
    @CsvSource({"seller-id,2089000000000002", "seller-id,2088", "app-id,shop", "charset,UTF-16", "gateway-url,nowhere"})
    void an_alipay_setting_of_the_wrong_form_stops_the_start(String name, String value) {
        alipay.put(name, value);

        assertStopped(ALIPAY + name, "must be");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"sandbox", "[Main]", "[a/b]", "[a.b]", "[..]", "[-x]", "a123456789012345678901234567890123"})
    void an_account_needs_a_name_fit_for_an_address_that_is_not_the_sandboxs(String name) {
        runner("wechat." + name + ".", wechat)
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(UnusableSetting.class)
                        .hasMessageContaining("name"));
    }

    @Test
    void a_misspelled_setting_stops_the_start() {
        wechat.put("mchid2", "x");

        start().run(context ->
                assertThat(context.getStartupFailure()).rootCause().hasMessageContaining("mchid2"));
    }

    @Test
    void a_name_used_by_two_sources_stops_the_start() {
        start().withBean(WeChatAccountSource.class, () -> () -> List.of(TestAccounts.weChat("main")))
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("Two WeChat Pay accounts are named main"));
        start().withBean(AlipayAccountSource.class, () -> () -> List.of(TestAccounts.alipay("shop-2")))
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("Two Alipay accounts are named shop-2"));
    }

    @Test
    void accounts_of_other_sources_serve_too_and_are_not_live() {
        start().withBean(WeChatAccountSource.class, () -> () -> List.of(TestAccounts.weChat("sandbox")))
                .run(context -> {
                    assertThat(context.getBeansOfType(CallbackProtocol.class).values())
                            .extracting(CallbackProtocol::accounts)
                            .anySatisfy(names -> assertThat(names).containsExactlyInAnyOrder("main", "sandbox"));
                    assertThat(context.getBean(LiveAccounts.class).names())
                            .containsExactly("alipay/shop-2", "wechat/main");
                });
    }

    @Test
    void a_failed_start_is_explained_in_two_sentences() {
        var analyzer = new UnusableSettingAnalyzer();

        var analysis = analyzer.analyze(new UnusableSetting("tallyhook.providers.wechat.main.mch-id", "is missing"));

        assertThat(analysis)
                .extracting("description", "action")
                .containsExactly(
                        "tallyhook.providers.wechat.main.mch-id is missing.",
                        "Correct tallyhook.providers.wechat.main.mch-id and start again.");
        assertThat(SpringFactoriesLoader.forDefaultResourceLocation()
                        .load(org.springframework.boot.diagnostics.FailureAnalyzer.class, (type, name, failure) -> {}))
                .hasAtLeastOneElementOfType(UnusableSettingAnalyzer.class);
    }

    @Test
    void c25_settings_never_print_their_values() {
        start().run(context -> assertThat(
                        context.getBean(ProviderSettings.class).toString())
                .doesNotContain(API_V3_KEY)
                .doesNotContain("PRIVATE KEY"));
    }

    private ApplicationContextRunner start() {
        var properties = new HashMap<String, String>();
        wechat.forEach((name, value) -> properties.put(WECHAT + name, value));
        alipay.forEach((name, value) -> properties.put(ALIPAY + name, value));
        return runner("", properties);
    }

    /** Not {@code withPropertyValues}, which does not keep line ends and blanks as they are. */
    private static ApplicationContextRunner runner(String prefix, Map<String, String> properties) {
        var values = new HashMap<String, Object>();
        properties.forEach(
                (name, value) -> values.put(prefix.isEmpty() ? name : "tallyhook.providers." + prefix + name, value));
        return new ApplicationContextRunner()
                .withUserConfiguration(Providers.class)
                .withInitializer(context ->
                        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", values)));
    }

    private void assertStopped(String property, String problem, String... secrets) {
        start().run(context -> assertThat(context.getStartupFailure())
                .rootCause()
                .isInstanceOf(UnusableSetting.class)
                .hasMessageStartingWith(property + " ")
                .hasMessageContaining(problem)
                .satisfies(failure -> {
                    for (var secret : secrets) {
                        assertThat(String.valueOf(failure.getMessage())).doesNotContain(secret);
                    }
                }));
    }

    private static WeChatAccount weChat(WeChatAccountSource source) {
        return source.weChatAccounts().getFirst();
    }

    private static AlipayAccount alipay(AlipayAccountSource source) {
        return source.alipayAccounts().getFirst();
    }

    /** Not annotated as a configuration, so that nobody else's component scan finds it. */
    @ComponentScan("io.tallyhook.payment.provider")
    static class Providers {

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }
    }
}
