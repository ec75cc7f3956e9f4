package io.tallyhook.sandbox.simulator;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The names and keys of the sandbox merchant, and of the two simulated providers. Made once per data folder.
 *
 * @param weChatMerchant the merchant's pair at WeChat Pay: the application signs requests with it
 * @param weChatPlatform WeChat Pay's own pair: the simulator signs answers and callbacks with it
 * @param weChatApiV3Key the AES-256 key of callbacks, 32 ASCII bytes
 * @param alipayApp the application's pair at Alipay
 * @param alipay Alipay's own pair
 */
public record SandboxKeys(
        KeyPair weChatMerchant, KeyPair weChatPlatform, byte[] weChatApiV3Key, KeyPair alipayApp, KeyPair alipay) {

    public static final String WECHAT_APP_ID = "wx5a4db0c05a4db0c0";
    public static final String WECHAT_MCH_ID = "1900009999";
    public static final String WECHAT_PUBLIC_KEY_ID = "PUB_KEY_ID_0119000099992026010100000000000001";
    public static final String ALIPAY_APP_ID = "2021000000009999";
    public static final String ALIPAY_SELLER_ID = "2088000000009999";

    /** Reads the keys; those that are missing are made. */
    public static SandboxKeys in(SandboxFolder folder) {
        return new SandboxKeys(
                pair(folder, "wechat-merchant-private-key.pem"),
                pair(folder, "wechat-platform-private-key.pem"),
                folder.textOf(
                                "wechat-api-v3-key.txt",
                                () -> SandboxFolder.randomText().substring(0, 32))
                        .getBytes(StandardCharsets.US_ASCII),
                pair(folder, "alipay-app-private-key.pem"),
                pair(folder, "alipay-private-key.pem"));
    }

    /** The serial number of the merchant's API certificate: 40 hexadecimal digits that name its key. */
    public String weChatMerchantSerial() {
        try {
            var hash = MessageDigest.getInstance("SHA-1")
                    .digest(weChatMerchant.getPublic().getEncoded());
            return HexFormat.of().formatHex(hash).toUpperCase(Locale.ROOT);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair pair(SandboxFolder folder, String name) {
        return Rsa.pairOf(folder.textOf(name, Rsa::newPrivateKeyPem));
    }
}
