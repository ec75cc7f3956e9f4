package io.tallyhook.payment.provider.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tallyhook.payment.provider.Rejection;
import io.tallyhook.payment.provider.wire.Cryptography;
import io.tallyhook.payment.provider.wire.NotBelieved;
import io.tallyhook.payment.provider.wire.StrictJson;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.node.ObjectNode;

/** The outside of a notification: its type, and its content encrypted with our APIv3 key. */
record WeChatEnvelope(Optional<String> id, String eventType, JsonFields resource) {

    private static final String ONLY_ALGORITHM = "AEAD_AES_256_GCM";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    static WeChatEnvelope of(ObjectNode body) {
        var fields = new JsonFields(body);
        return new WeChatEnvelope(fields.optionalWord("id"), fields.word("event_type"), fields.object("resource"));
    }

    /** @throws NotBelieved if it was not encrypted with this account's key */
    ObjectNode decrypted(WeChatAccount account, Cryptography cryptography) {
        var algorithm = resource.word("algorithm");
        if (!algorithm.equals(ONLY_ALGORITHM)) {
            throw new NotBelieved(Rejection.UNDECRYPTABLE, ONLY_ALGORITHM, algorithm);
        }
        return StrictJson.object(decrypt(
                cryptography,
                account.apiV3Key(),
                resource.text("nonce").orElse("").getBytes(UTF_8),
                resource.text("associated_data").orElse("").getBytes(UTF_8),
                resource.text("ciphertext").orElse("")));
    }

    private static byte[] decrypt(
            Cryptography cryptography, byte[] key, byte[] nonce, byte[] associatedData, String ciphertext) {
        if (nonce.length != NONCE_BYTES) {
            throw new NotBelieved(Rejection.UNDECRYPTABLE, "a nonce of 12 bytes", nonce.length + " bytes");
        }
        try {
            var cipher = cryptography.cipher();
            cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(associatedData);
            return cipher.doFinal(Base64.getDecoder().decode(ciphertext));
        } catch (GeneralSecurityException | IllegalArgumentException undecryptable) {
            throw new NotBelieved(Rejection.UNDECRYPTABLE);
        }
    }
}
