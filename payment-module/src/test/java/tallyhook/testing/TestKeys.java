package tallyhook.testing;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** RSA key pairs of everybody who signs something, made once per JVM; none is ever written down. */
public final class TestKeys {

    private static final Map<String, KeyPair> PAIRS = new ConcurrentHashMap<>();

    private TestKeys() {}

    /** What WeChat Pay signs with, under its public-key id. */
    public static KeyPair weChatPay() {
        return of("wechat-pay");
    }

    /** What WeChat Pay signs with while it still uses platform certificates. */
    public static KeyPair weChatPayCertificate() {
        return of("wechat-pay-certificate");
    }

    /** What we sign requests to WeChat Pay with. */
    public static KeyPair merchant() {
        return of("merchant");
    }

    /** What Alipay signs with. */
    public static KeyPair alipay() {
        return of("alipay");
    }

    /** What we sign requests to Alipay with. */
    public static KeyPair alipayApp() {
        return of("alipay-app");
    }

    /** Somebody whose signature must never be believed. */
    public static KeyPair stranger() {
        return of("stranger");
    }

    /** The pair with this name, the same one each time. */
    public static KeyPair of(String name) {
        return PAIRS.computeIfAbsent(name, ignored -> generate());
    }

    private static KeyPair generate() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
