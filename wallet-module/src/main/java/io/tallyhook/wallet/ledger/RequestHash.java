package io.tallyhook.wallet.ledger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The SHA-256 of what a request asks for: tells whether a repeated key asks for the same thing. Each part is led by its
 * length, so that no two bodies are written alike.
 */
final class RequestHash {

    private RequestHash() {}

    /** @param body all that makes the request what it is, in a fixed order */
    static byte[] of(Object... body) {
        var text = Arrays.stream(body)
                .map(String::valueOf)
                .map(part -> part.length() + ":" + part)
                .collect(Collectors.joining("|"));
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
