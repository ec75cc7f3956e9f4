package io.tallyhook.payment.provider;

import java.nio.charset.StandardCharsets;

/**
 * The HTTP answer to a delivery, byte-exact.
 *
 * @param body UTF-8 bytes; nobody may change them
 */
public record Reply(int status, String contentType, byte[] body) {

    public static Reply of(int status, String contentType, String body) {
        return new Reply(status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
