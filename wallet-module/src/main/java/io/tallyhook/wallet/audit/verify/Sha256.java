package io.tallyhook.wallet.audit.verify;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 over one text after the other. */
final class Sha256 {

    static final int LENGTH = 32;

    private Sha256() {}

    static byte[] of(byte[]... texts) {
        var digest = digest();
        for (var text : texts) {
            digest.update(text);
        }
        return digest.digest();
    }

    static byte[] of(Iterable<byte[]> texts) {
        var digest = digest();
        texts.forEach(digest::update);
        return digest.digest();
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
