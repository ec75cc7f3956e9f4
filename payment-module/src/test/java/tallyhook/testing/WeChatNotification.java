package tallyhook.testing;

import io.tallyhook.payment.provider.Delivery;
import io.tallyhook.payment.provider.wechat.WeChatAccount;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A notification of WeChat Pay APIv3, really encrypted and signed: {@code WeChatNotification.paid("P123456", 1999)}.
 * Immutable; each further call answers a changed copy, so it can also be made wrong in every way: before it is signed
 * (the sender's mistake), or after (the forger's).
 */
public final class WeChatNotification {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PROBE = "WECHATPAY/SIGNTEST/";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ISO_OFFSET_DATE_TIME.withZone(ZoneId.of("Asia/Shanghai"));

    private ObjectNode resource = JSON.createObjectNode();
    private ObjectNode envelope = JSON.createObjectNode();
    private Map<String, String> overriddenHeaders = Map.of();
    private Map<String, Optional<Object>> overriddenFields = Map.of();
    private @Nullable String plaintext;
    private UnaryOperator<String> beforeSigning = body -> body;
    private UnaryOperator<byte[]> afterSigning = body -> body;
    private WeChatAccount account = TestAccounts.weChat();
    private Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private PrivateKey key = TestKeys.weChatPay().getPrivate();
    private String serial = TestAccounts.PUBLIC_KEY_ID;
    private String nonce = "fdasflkja484w";
    private byte @Nullable [] encryptionKey;
    private boolean probe;

    private WeChatNotification(String eventType, String originalType) {
        envelope.put("id", "EV-" + UUID.randomUUID());
        envelope.put("resource_type", "encrypt-resource");
        envelope.put("event_type", eventType);
        envelope.put("summary", "通知");
        envelope.putObject("resource")
                .put("original_type", originalType)
                .put("algorithm", "AEAD_AES_256_GCM")
                .put("ciphertext", "")
                .put("associated_data", originalType)
                .put("nonce", "abcdefghijkl");
    }

    /** The payment with this number succeeded; the amount in fen is the order's amount and what the payer paid. */
    public static WeChatNotification paid(String outTradeNo, long fen) {
        var paid = new WeChatNotification("TRANSACTION.SUCCESS", "transaction");
        paid.resource
                .put("transaction_id", "42000%023d".formatted(Math.floorMod(outTradeNo.hashCode(), 1_000_000_007)))
                .put("out_trade_no", outTradeNo)
                .put("trade_type", "NATIVE")
                .put("trade_state", "SUCCESS")
                .put("trade_state_desc", "支付成功")
                .put("bank_type", "OTHERS")
                .putObject("payer")
                .put("openid", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o");
        paid.resource
                .putObject("amount")
                .put("total", fen)
                .put("payer_total", fen)
                .put("currency", "CNY")
                .put("payer_currency", "CNY");
        return paid;
    }

    /** A refund of the payment succeeded; amounts in fen. */
    public static WeChatNotification refunded(String outTradeNo, String refundNo, long refund, long total) {
        var refunded = new WeChatNotification("REFUND.SUCCESS", "refund");
        refunded.resource
                .put("transaction_id", "42000%023d".formatted(Math.floorMod(outTradeNo.hashCode(), 1_000_000_007)))
                .put("out_trade_no", outTradeNo)
                .put("refund_id", "50300%023d".formatted(Math.floorMod(refundNo.hashCode(), 1_000_000_007)))
                .put("out_refund_no", refundNo)
                .put("refund_status", "SUCCESS")
                .put("user_received_account", "支付用户零钱")
                .putObject("amount")
                .put("total", total)
                .put("refund", refund)
                .put("payer_total", total)
                .put("payer_refund", refund);
        return refunded;
    }

    /** To this account of ours: its merchant number, application, encryption key and callback address. */
    public WeChatNotification by(WeChatAccount account) {
        return copy(it -> it.account = account);
    }

    /** Signed, sent and arriving at this moment. */
    public WeChatNotification at(Instant at) {
        return copy(it -> it.at = at);
    }

    public WeChatNotification id(String id) {
        return envelope("id", id);
    }

    public WeChatNotification eventType(String eventType) {
        return envelope("event_type", eventType);
    }

    public WeChatNotification transactionId(String transactionId) {
        return with("transaction_id", transactionId);
    }

    public WeChatNotification amount(long fen) {
        return with("amount.total", fen);
    }

    public WeChatNotification currency(String currency) {
        return with("amount.currency", currency);
    }

    public WeChatNotification appId(String appId) {
        return with("appid", appId);
    }

    public WeChatNotification mchId(String mchId) {
        return with("mchid", mchId);
    }

    public WeChatNotification tradeState(String tradeState) {
        return with("trade_state", tradeState);
    }

    public WeChatNotification refundStatus(String refundStatus) {
        return with("refund_status", refundStatus).eventType("REFUND." + refundStatus);
    }

    /** Any field of the encrypted content, also a nested one ({@code amount.total}); {@code null} removes it. */
    public WeChatNotification with(String path, @Nullable Object value) {
        return copy(it -> {
            it.overriddenFields = new LinkedHashMap<>(it.overriddenFields);
            it.overriddenFields.put(path, Optional.ofNullable(value));
        });
    }

    /** Any field of the envelope, also a nested one ({@code resource.algorithm}); {@code null} removes it. */
    public WeChatNotification envelope(String path, @Nullable Object value) {
        return copy(it -> set(it.envelope, path, Optional.ofNullable(value)));
    }

    /** The encrypted content as this text, whatever it is. */
    public WeChatNotification content(String plaintext) {
        return copy(it -> it.plaintext = plaintext);
    }

    /** Another body, signed as it then is. */
    public WeChatNotification body(UnaryOperator<String> change) {
        return copy(it -> it.beforeSigning = change);
    }

    /** Changed on the way, after it was signed. */
    public WeChatNotification tampered(UnaryOperator<byte[]> change) {
        return copy(it -> it.afterSigning = change);
    }

    /** One bit of the body changed on the way. */
    public WeChatNotification tampered() {
        return tampered(body -> {
            body[body.length / 2] ^= 1;
            return body;
        });
    }

    public WeChatNotification signedWith(PrivateKey key) {
        return copy(it -> it.key = key);
    }

    /** Signed under this key id or certificate serial. */
    public WeChatNotification serial(String serial) {
        return copy(it -> it.serial = serial);
    }

    /** Signed with the platform certificate instead of the public key. */
    public WeChatNotification inCertificateMode() {
        return serial(TestAccounts.CERTIFICATE_SERIAL)
                .signedWith(TestKeys.weChatPayCertificate().getPrivate());
    }

    public WeChatNotification encryptedWith(byte[] key) {
        return copy(it -> it.encryptionKey = key.clone());
    }

    /** WeChat Pay's deliberate test with a wrong signature. */
    public WeChatNotification probe() {
        return copy(it -> it.probe = true);
    }

    /** A header changed on the way; by its lower-case name. */
    public WeChatNotification header(String lowerCaseName, String value) {
        return copy(it -> {
            it.overriddenHeaders = new LinkedHashMap<>(it.overriddenHeaders);
            it.overriddenHeaders.put(lowerCaseName, value);
        });
    }

    /** A header lost on the way. */
    public WeChatNotification without(String lowerCaseName) {
        return header(lowerCaseName, "");
    }

    /** The request as it arrives, at the moment it was signed. */
    public Delivery toDelivery() {
        return toDelivery(at);
    }

    public Delivery toDelivery(Instant arrivedAt) {
        var request = toRequest();
        return new Delivery(UUID.randomUUID(), arrivedAt, "wechat", account.name(), request.headers(), request.body());
    }

    /** Headers by lower-case name, and the raw body. */
    public Request toRequest() {
        var body = beforeSigning.apply(envelopeText());
        var headers = new LinkedHashMap<String, String>();
        headers.put("content-type", "application/json");
        headers.put("wechatpay-serial", serial);
        headers.put("wechatpay-timestamp", String.valueOf(at.getEpochSecond()));
        headers.put("wechatpay-nonce", nonce);
        headers.put("wechatpay-signature", signature(body));
        headers.put("wechatpay-signature-type", "WECHATPAY2-SHA256-RSA2048");
        headers.putAll(overriddenHeaders);
        headers.values().removeIf(String::isEmpty);
        return new Request(headers, afterSigning.apply(body.getBytes(StandardCharsets.UTF_8)));
    }

    /** What goes over the wire. */
    public record Request(Map<String, String> headers, byte[] body) {}

    private String signature(String body) {
        var message = "%d\n%s\n%s\n".formatted(at.getEpochSecond(), nonce, body);
        var signature = Sealing.sign("SHA256withRSA", key, message.getBytes(StandardCharsets.UTF_8));
        return probe ? PROBE + signature.substring(PROBE.length()) : signature;
    }

    private String envelopeText() {
        var sent = envelope.deepCopy().put("create_time", TIME.format(at));
        if (sent.path("resource") instanceof ObjectNode encrypted) {
            encrypted.put("ciphertext", ciphertext(encrypted));
        }
        return JSON.writeValueAsString(sent);
    }

    private String ciphertext(ObjectNode encrypted) {
        return Sealing.encrypt(
                encryptionKey == null ? account.apiV3Key() : encryptionKey,
                encrypted.path("nonce").asString(""),
                encrypted.path("associated_data").asString(""),
                content());
    }

    private String content() {
        if (plaintext != null) {
            return plaintext;
        }
        var content = resource.deepCopy();
        content.put("mchid", account.mchId());
        content.put("success_time", TIME.format(at));
        if (content.has("trade_state")) {
            content.put("appid", account.appId());
        }
        overriddenFields.forEach((path, value) -> set(content, path, value));
        return JSON.writeValueAsString(content);
    }

    private static void set(ObjectNode root, String path, Optional<Object> value) {
        var node = root;
        var names = path.split("\\.");
        for (int i = 0; i < names.length - 1; i++) {
            node = node.withObjectProperty(names[i]);
        }
        var last = names[names.length - 1];
        if (value.isPresent()) {
            node.set(last, JSON.<JsonNode>valueToTree(value.get()));
        } else {
            node.remove(last);
        }
    }

    private WeChatNotification copy(Consumer<WeChatNotification> change) {
        var copy = new WeChatNotification("", "");
        copy.resource = resource.deepCopy();
        copy.envelope = envelope.deepCopy();
        copy.overriddenHeaders = overriddenHeaders;
        copy.overriddenFields = overriddenFields;
        copy.plaintext = plaintext;
        copy.beforeSigning = beforeSigning;
        copy.afterSigning = afterSigning;
        copy.account = account;
        copy.at = at;
        copy.key = key;
        copy.serial = serial;
        copy.nonce = nonce;
        copy.encryptionKey = encryptionKey;
        copy.probe = probe;
        change.accept(copy);
        return copy;
    }
}
