package io.tallyhook.payment.provider.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tallyhook.payment.provider.Rejection;
import io.tallyhook.payment.provider.wire.Cryptography;
import io.tallyhook.payment.provider.wire.NotBelieved;
import io.tallyhook.payment.provider.wire.RsaSha256;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The signature that WeChat Pay puts on notifications and on answers, four headers over the raw body (WeChat Pay APIv3,
 * signature verification).
 */
record WeChatSignature(String serial, String timestamp, String nonce, String signature, Optional<String> type) {

    static final String SERIAL = "wechatpay-serial";
    static final String TIMESTAMP = "wechatpay-timestamp";
    static final String NONCE = "wechatpay-nonce";
    static final String SIGNATURE = "wechatpay-signature";
    static final String TYPE = "wechatpay-signature-type";

    private static final String ONLY_TYPE = "WECHATPAY2-SHA256-RSA2048";
    private static final String PROBE = "WECHATPAY/SIGNTEST/";
    private static final Pattern UNIX_SECONDS = Pattern.compile("[0-9]{1,11}");
    private static final byte[] NEW_LINE = {'\n'};

    /** Farther than this from our clock, in either direction, a message is refused as a replay. */
    private static final Duration WINDOW = Duration.ofSeconds(300);

    /** @param header answers the value of a header by its lower-case name */
    static WeChatSignature of(Function<String, Optional<String>> header) {
        return new WeChatSignature(
                required(header, SERIAL),
                required(header, TIMESTAMP),
                required(header, NONCE),
                required(header, SIGNATURE),
                header.apply(TYPE));
    }

    private static String required(Function<String, Optional<String>> header, String name) {
        return header.apply(name)
                .filter(value -> !value.isBlank())
                .orElseThrow(() -> new NotBelieved(Rejection.SIGNATURE_MISSING, "header " + name, "no such header"));
    }

    /** @throws NotBelieved unless WeChat Pay signed this body for this account just now */
    void check(WeChatAccount account, Cryptography cryptography, byte[] body, Instant now) {
        checkTimestamp(now);
        var key = account.platformKeys().get(serial);
        if (key == null) {
            throw new NotBelieved(
                    Rejection.UNKNOWN_KEY,
                    account.platformKeys().keySet().stream().sorted().toList().toString(),
                    serial);
        }
        if (!type.orElse(ONLY_TYPE).equals(ONLY_TYPE)) {
            throw new NotBelieved(Rejection.SIGNATURE_WRONG, ONLY_TYPE, type.orElse(""));
        }
        if (!RsaSha256.verifies(
                cryptography, key, signature, (timestamp + '\n' + nonce + '\n').getBytes(UTF_8), body, NEW_LINE)) {
            throw new NotBelieved(signature.startsWith(PROBE) ? Rejection.SIGNATURE_PROBE : Rejection.SIGNATURE_WRONG);
        }
    }

    private void checkTimestamp(Instant now) {
        if (!UNIX_SECONDS.matcher(timestamp).matches()) {
            throw new NotBelieved(Rejection.TIMESTAMP_OUTSIDE_WINDOW, "Unix seconds", timestamp);
        }
        var signedAt = Instant.ofEpochSecond(Long.parseLong(timestamp));
        if (Duration.between(signedAt, now).abs().compareTo(WINDOW) > 0) {
            throw new NotBelieved(
                    Rejection.TIMESTAMP_OUTSIDE_WINDOW, now + " +/- " + WINDOW.toSeconds() + " s", signedAt.toString());
        }
    }
}
