package io.tallyhook.payment.provider.wire;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;

/** RSASSA-PKCS1-v1_5 with SHA-256, written in Base64: what WeChat Pay APIv3 and Alipay's RSA2 both are. */
public final class RsaSha256 {

    static final String ALGORITHM = "SHA256withRSA";

    private RsaSha256() {}

    /**
     * Whether the owner of this key signed exactly these parts, one after the other. Anything wrong with the signature's
     * form is a no; so is a second way to write the same signature.
     */
    public static boolean verifies(PublicKey key, String base64, byte[]... parts) {
        return verifies(Cryptography.jdk(), key, base64, parts);
    }

    /** The same, by a provider of our choice; the key best in its {@linkplain Cryptography#own own form}. */
    public static boolean verifies(Cryptography by, PublicKey key, String base64, byte[]... parts) {
        try {
            var bytes = Base64.getDecoder().decode(base64);
            if (!Base64.getEncoder().encodeToString(bytes).equals(base64)) {
                return false;
            }
            var signature = by.rsaSha256();
            signature.initVerify(key);
            for (var part : parts) {
                signature.update(part);
            }
            return signature.verify(bytes);
        } catch (GeneralSecurityException | IllegalArgumentException malformed) {
            return false;
        }
    }

    public static String sign(PrivateKey key, byte[] message) {
        try {
            var signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(message);
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The private key cannot sign", e);
        }
    }
}
