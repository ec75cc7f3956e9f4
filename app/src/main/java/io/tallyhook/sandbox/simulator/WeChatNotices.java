package io.tallyhook.sandbox.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntFunction;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** WeChat Pay's callbacks: the content encrypted with the merchant's APIv3 key, the body signed anew every time. */
final class WeChatNotices {

    /** What WeChat Pay's deliberately wrong signatures begin with. */
    static final String PROBE = "WECHATPAY/SIGNTEST/";

    private static final Duration TOO_OLD = Duration.ofMinutes(10);
    private static final int TOO_BIG = 257 * 1024;

    private final SandboxKeys keys;
    private final WeChatWire wire;
    private final WeChatDocuments documents;
    private final Clock clock;

    WeChatNotices(SandboxKeys keys, WeChatWire wire, WeChatDocuments documents, Clock clock) {
        this.keys = keys;
        this.wire = wire;
        this.documents = documents;
        this.clock = clock;
    }

    /** Tells that an order is paid, or what is said instead. */
    Notification payment(SimulatedOrder order, @Nullable Misbehaviour twist) {
        var content = documents.transaction(order);
        if (twist == Misbehaviour.WRONG_APP_ID) {
            content.put("appid", "wx0000000000000000");
        } else if (twist == Misbehaviour.WRONG_MERCHANT) {
            content.put("mchid", "1900000000");
        }
        var padding = twist == Misbehaviour.OVERSIZED || twist == Misbehaviour.OVERSIZED_CHUNKED ? TOO_BIG : 0;
        var id = UUID.randomUUID().toString();
        var body = envelope(id, "TRANSACTION.SUCCESS", "支付成功" + " ".repeat(padding), "transaction", content);
        var repeated = twist == null || twist.effect() == Misbehaviour.Effect.PAYS;
        return notification(
                id, order, "TRANSACTION.SUCCESS", order.notifyUrl(), repeated, number -> sign(body, twist, number));
    }

    Notification refund(SimulatedOrder order, SimulatedOrder.Refund refund) {
        var id = UUID.randomUUID().toString();
        var event = "REFUND." + refund.state();
        var summary = switch (refund.state()) {
            case CLOSED -> "退款关闭";
            case ABNORMAL -> "退款异常";
            case SUCCESS, PROCESSING -> "退款成功";
        };
        var body = envelope(id, event, summary, "refund", documents.refundNotice(order, refund));
        return notification(id, order, event, refund.notifyUrl(), true, number -> sign(body, null, number));
    }

    private static Notification notification(
            String id,
            SimulatedOrder order,
            String kind,
            URI url,
            boolean repeated,
            IntFunction<SignedRequest> signed) {
        return new Notification(id, order.provider(), order.outTradeNo(), kind, url, repeated, signed);
    }

    private SignedRequest sign(byte[] body, @Nullable Misbehaviour twist, int number) {
        var now = clock.instant();
        var signedAt = twist == Misbehaviour.OLD_TIMESTAMP ? now.minus(TOO_OLD) : now;
        var headers = wire.proof(body, signedAt.getEpochSecond());
        if (twist == Misbehaviour.WRONG_SIGNATURE) {
            var message = WeChatWire.message(
                    body,
                    String.valueOf(headers.get("Wechatpay-Timestamp")),
                    String.valueOf(headers.get("Wechatpay-Nonce")));
            headers.put("Wechatpay-Signature", Rsa.sign(keys.weChatMerchant().getPrivate(), message));
        } else if (twist == Misbehaviour.SIGNATURE_PROBE && number == 1) {
            headers.compute("Wechatpay-Signature", (name, signature) -> PROBE + signature);
        }
        headers.put("Content-Type", "application/json");
        headers.put("User-Agent", "Mozilla/4.0");
        return new SignedRequest(headers, body, twist == Misbehaviour.OVERSIZED_CHUNKED);
    }

    private byte[] envelope(String id, String event, String summary, String original, Map<String, Object> content) {
        var nonce = SandboxFolder.randomText().substring(0, 12);
        var resource = new LinkedHashMap<String, Object>();
        resource.put("original_type", original);
        resource.put("algorithm", "AEAD_AES_256_GCM");
        resource.put("ciphertext", encrypt(documents.json(content), nonce, original));
        resource.put("associated_data", original);
        resource.put("nonce", nonce);
        var envelope = new LinkedHashMap<String, Object>();
        envelope.put("id", id);
        envelope.put("create_time", documents.now());
        envelope.put("resource_type", "encrypt-resource");
        envelope.put("event_type", event);
        envelope.put("summary", summary);
        envelope.put("resource", resource);
        return documents.json(envelope);
    }

    private String encrypt(byte[] plain, String nonce, String associated) {
        try {
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(keys.weChatApiV3Key(), "AES"),
                    new GCMParameterSpec(128, nonce.getBytes(UTF_8)));
            cipher.updateAAD(associated.getBytes(UTF_8));
            return Base64.getEncoder().encodeToString(cipher.doFinal(plain));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The sandbox cannot encrypt", e);
        }
    }
}
