package tallyhook.testing;

import io.tallyhook.payment.provider.alipay.AlipayAccount;
import io.tallyhook.payment.provider.wechat.WeChatAccount;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Our accounts at the providers, ready for use in tests. What the providers sign is made with {@link TestKeys}, by {@link
 * WeChatNotification} and {@link AlipayNotification}. The addresses of their gateways answer nobody.
 */
public final class TestAccounts {

    public static final String PUBLIC_KEY_ID = "PUB_KEY_ID_0119000000012026010100000000000001";
    public static final String CERTIFICATE_SERIAL = "440024045C4A427599D09BB4E3DE0279F2E813FD";
    public static final String MERCHANT_SERIAL = "5F1C72E2A8931B72A2E13AF8DEE92471EB397115";

    private static final URI NOWHERE = URI.create("http://127.0.0.1:9");

    private TestAccounts() {}

    /** The account {@code main} at WeChat Pay. */
    public static WeChatAccount weChat() {
        return weChat("main");
    }

    /** An account at WeChat Pay; different names are different merchants that share the keys. */
    public static WeChatAccount weChat(String name) {
        return weChat(name, NOWHERE);
    }

    public static WeChatAccount weChat(String name, URI baseUrl) {
        return new WeChatAccount(
                name,
                "wx" + digits(name, 16),
                "19" + digits(name, 8),
                "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII),
                Optional.of(new WeChatAccount.Signing(
                        MERCHANT_SERIAL, TestKeys.merchant().getPrivate(), PUBLIC_KEY_ID)),
                Map.of(
                        PUBLIC_KEY_ID, TestKeys.weChatPay().getPublic(),
                        CERTIFICATE_SERIAL, TestKeys.weChatPayCertificate().getPublic()),
                baseUrl);
    }

    /** The account {@code main} at Alipay, UTF-8. */
    public static AlipayAccount alipay() {
        return alipay("main");
    }

    /** An account at Alipay; different names are different sellers that share the keys. */
    public static AlipayAccount alipay(String name) {
        return alipay(name, StandardCharsets.UTF_8, NOWHERE.resolve("/gateway.do"));
    }

    public static AlipayAccount alipay(String name, Charset charset, URI gatewayUrl) {
        return new AlipayAccount(
                name,
                "2021" + digits(name, 12),
                "2088" + digits(name, 12),
                Optional.of(TestKeys.alipayApp().getPrivate()),
                TestKeys.alipay().getPublic(),
                charset,
                gatewayUrl);
    }

    private static String digits(String name, int length) {
        return ("%0" + length + "d").formatted(Math.floorMod(name.hashCode(), 10_000_000));
    }
}
