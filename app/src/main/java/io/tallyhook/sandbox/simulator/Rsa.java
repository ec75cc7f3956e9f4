package io.tallyhook.sandbox.simulator;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;

/** SHA-256 with RSA (PKCS #1 v1.5), which both providers sign with, and keys as PEM text. */
final class Rsa {

    private static final String HEAD = "-----BEGIN PRIVATE KEY-----";
    private static final String FOOT = "-----END PRIVATE KEY-----";

    private Rsa() {}

    static String sign(PrivateKey key, byte[] message) {
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(message);
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The sandbox cannot sign", e);
        }
    }

    static boolean verifies(PublicKey key, byte[] message, String base64) {
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(key);
            signature.update(message);
            return signature.verify(Base64.getDecoder().decode(base64));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    static String newPrivateKeyPem() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            var encoder = Base64.getMimeEncoder(64, new byte[] {'\n'});
            var key = generator.generateKeyPair().getPrivate().getEncoded();
            return HEAD + "\n" + encoder.encodeToString(key) + "\n" + FOOT;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The sandbox cannot make keys", e);
        }
    }

    /** Both halves of the pair: the public one is contained in an RSA private key. */
    static KeyPair pairOf(String privateKeyPem) {
        try {
            var der = Base64.getMimeDecoder()
                    .decode(privateKeyPem.replace(HEAD, "").replace(FOOT, ""));
            var keys = KeyFactory.getInstance("RSA");
            if (!(keys.generatePrivate(new PKCS8EncodedKeySpec(der)) instanceof RSAPrivateCrtKey secret)) {
                throw new IllegalStateException(
                        "A key in the sandbox folder is no RSA key; remove it to get a new one");
            }
            var known = keys.generatePublic(new RSAPublicKeySpec(secret.getModulus(), secret.getPublicExponent()));
            return new KeyPair(known, secret);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "A key in the sandbox folder cannot be read; remove the file to get a new one", e);
        }
    }
}
