package io.tallyhook.sandbox.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** WeChat Pay APIv3, request and answer signing: who is calling, and what we put our name to. */
final class WeChatWire {

    private static final Duration TOLERANCE = Duration.ofMinutes(5);
    private static final String SCHEME = "WECHATPAY2-SHA256-RSA2048 ";
    private static final Pattern FIELD = Pattern.compile("\\s*([a-z_]+)=\"([^\"]*)\"\\s*");

    private final SandboxKeys keys;
    private final Clock clock;

    WeChatWire(SandboxKeys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /** @throws WeChatError (401) unless the merchant signed exactly this request just now */
    void authenticate(ApiRequest request) {
        var fields = fields(request.header("authorization").orElse(""));
        if (!SandboxKeys.WECHAT_MCH_ID.equals(fields.get("mchid"))) {
            throw WeChatError.signature("商户号不存在: mchid of the Authorization line is unknown");
        }
        if (!keys.weChatMerchantSerial().equals(fields.get("serial_no"))) {
            throw WeChatError.signature("商户证书序列号有误: serial_no is not of this merchant's certificate");
        }
        var timestamp = fields.getOrDefault("timestamp", "");
        if (!timestamp.matches("[0-9]{1,12}")
                || Math.abs(clock.instant().getEpochSecond() - Long.parseLong(timestamp)) > TOLERANCE.toSeconds()) {
            throw WeChatError.signature("Http头Authorization中的timestamp与发起请求的时间不得超过5分钟");
        }
        var nonce = fields.getOrDefault("nonce_str", "");
        var message = message(request.body(), request.method(), request.target(), timestamp, nonce);
        if (!Rsa.verifies(keys.weChatMerchant().getPublic(), message, fields.getOrDefault("signature", ""))) {
            throw WeChatError.signature("签名错误: the signature does not fit method, target, timestamp, nonce and body");
        }
    }

    /** The headers that prove a body ours: those of answers and of callbacks. */
    Map<String, String> proof(byte[] body, long timestamp) {
        var nonce = SandboxFolder.randomText().substring(0, 32);
        var message = message(body, String.valueOf(timestamp), nonce);
        var headers = new LinkedHashMap<String, String>();
        headers.put("Wechatpay-Serial", SandboxKeys.WECHAT_PUBLIC_KEY_ID);
        headers.put("Wechatpay-Timestamp", String.valueOf(timestamp));
        headers.put("Wechatpay-Nonce", nonce);
        headers.put("Wechatpay-Signature", Rsa.sign(keys.weChatPlatform().getPrivate(), message));
        headers.put("Wechatpay-Signature-Type", "WECHATPAY2-SHA256-RSA2048");
        headers.put("Request-ID", SandboxFolder.randomText());
        return headers;
    }

    /** Each line and then the body, every one ended by a line feed. */
    static byte[] message(byte[] body, String... lines) {
        var message = new ByteArrayOutputStream();
        message.writeBytes((String.join("\n", lines) + "\n").getBytes(UTF_8));
        message.writeBytes(body);
        message.write('\n');
        return message.toByteArray();
    }

    private static Map<String, String> fields(String authorization) {
        if (!authorization.startsWith(SCHEME)) {
            throw WeChatError.signature("Http头Authorization值格式错误: it must begin with " + SCHEME.strip());
        }
        var fields = new LinkedHashMap<String, String>();
        for (var part : authorization.substring(SCHEME.length()).split(",")) {
            var field = FIELD.matcher(part);
            if (!field.matches() || fields.put(field.group(1), field.group(2)) != null) {
                throw WeChatError.signature("Http头Authorization值格式错误: not a list of name=\"value\"");
            }
        }
        return fields;
    }
}
