package tallyhook.testing;

import static java.util.stream.Collectors.joining;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.provider.Delivery;
import io.tallyhook.payment.provider.alipay.AlipayAccount;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An asynchronous notification of Alipay, really signed: {@code AlipayNotification.paid("P123456", 1999)}. Immutable; each
 * further call answers a changed copy, so it can also be made wrong in every way: before it is signed (the sender's
 * mistake), or after (the forger's).
 */
public final class AlipayNotification {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.of("Asia/Shanghai"));

    private Map<String, String> fields = new LinkedHashMap<>();
    private Map<String, String> forged = Map.of();
    private UnaryOperator<String> afterSigning = body -> body;
    private AlipayAccount account = TestAccounts.alipay();
    private Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private PrivateKey key = TestKeys.alipay().getPrivate();
    private String algorithm = "SHA256withRSA";

    private AlipayNotification() {}

    /** The payment with this number succeeded; the amount in fen. */
    public static AlipayNotification paid(String outTradeNo, long fen) {
        var yuan = Money.fen(fen).plain();
        return new AlipayNotification()
                .with("notify_type", "trade_status_sync")
                .with("notify_id", "2026" + UUID.randomUUID().toString().replace("-", ""))
                .with("version", "1.0")
                .with("sign_type", "RSA2")
                .with("trade_no", "2026%024d".formatted(Math.floorMod(outTradeNo.hashCode(), 1_000_000_007)))
                .with("out_trade_no", outTradeNo)
                .with("buyer_id", "2088000000000001")
                .with("trade_status", "TRADE_SUCCESS")
                .with("total_amount", yuan)
                .with("receipt_amount", yuan)
                .with("buyer_pay_amount", yuan)
                .with("subject", "VIP会员 & 月卡+1")
                .with("body", "")
                .with("fund_bill_list", "[{\"amount\":\"" + yuan + "\",\"fundChannel\":\"ALIPAYACCOUNT\"}]");
    }

    /** A refund of the payment succeeded and something is left; amounts in fen, the refunded one over all refunds. */
    public static AlipayNotification refunded(String outTradeNo, String refundNo, long refundedInAll, long total) {
        return paid(outTradeNo, total)
                .with("out_biz_no", refundNo)
                .with("refund_fee", Money.fen(refundedInAll).plain())
                .with("gmt_refund", "{at}");
    }

    /** The unpaid payment was closed. */
    public static AlipayNotification closed(String outTradeNo, long fen) {
        return paid(outTradeNo, fen).tradeStatus("TRADE_CLOSED").with("gmt_close", "{at}");
    }

    /** To this account of ours: its application, seller, charset and callback address. */
    public AlipayNotification by(AlipayAccount account) {
        return copy(it -> it.account = account);
    }

    /** Sent and arriving at this moment. */
    public AlipayNotification at(Instant at) {
        return copy(it -> it.at = at);
    }

    public AlipayNotification id(String notifyId) {
        return with("notify_id", notifyId);
    }

    public AlipayNotification tradeNo(String tradeNo) {
        return with("trade_no", tradeNo);
    }

    public AlipayNotification tradeStatus(String tradeStatus) {
        return with("trade_status", tradeStatus);
    }

    public AlipayNotification amount(long fen) {
        return totalAmount(Money.fen(fen).plain());
    }

    /** The amount as this text, whatever it is. */
    public AlipayNotification totalAmount(String text) {
        return with("total_amount", text);
    }

    public AlipayNotification appId(String appId) {
        return with("app_id", appId);
    }

    public AlipayNotification sellerId(String sellerId) {
        return with("seller_id", sellerId);
    }

    /** Any field, before it is signed; {@code null} removes it. */
    public AlipayNotification with(String name, @Nullable String value) {
        return copy(it -> it.fields.put(name, value == null ? "{removed}" : value));
    }

    public AlipayNotification without(String name) {
        return with(name, null);
    }

    /** A field changed on the way, after it was signed. */
    public AlipayNotification forged(String name, String value) {
        return copy(it -> {
            it.forged = new LinkedHashMap<>(it.forged);
            it.forged.put(name, value);
        });
    }

    /** The whole form changed on the way, after it was signed. */
    public AlipayNotification tampered(UnaryOperator<String> change) {
        return copy(it -> it.afterSigning = change);
    }

    /** The amount changed on the way. */
    public AlipayNotification tampered() {
        return forged("total_amount", "0.01");
    }

    public AlipayNotification unsigned() {
        return forged("sign", "{removed}");
    }

    public AlipayNotification signedWith(PrivateKey key) {
        return copy(it -> it.key = key);
    }

    /** Signed by the outdated SHA-1 method, and saying so. */
    public AlipayNotification signedBySha1() {
        return with("sign_type", "RSA").copy(it -> it.algorithm = "SHA1withRSA");
    }

    /** The request as it arrives, at the moment it was sent. */
    public Delivery toDelivery() {
        return toDelivery(at);
    }

    public Delivery toDelivery(Instant arrivedAt) {
        return new Delivery(
                UUID.randomUUID(),
                arrivedAt,
                "alipay",
                account.name(),
                Map.of("content-type", "application/x-www-form-urlencoded; charset=" + account.charset()),
                body());
    }

    /** The raw form. */
    public byte[] body() {
        var form = new LinkedHashMap<>(signedFields());
        form.put("sign", signature());
        form.putAll(forged);
        form.values().removeIf("{removed}"::equals);
        var text = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), account.charset()))
                .collect(joining("&"));
        return afterSigning.apply(text).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** All fields but the signature, by name. */
    public Map<String, String> signedFields() {
        Charset charset = account.charset();
        var complete = new TreeMap<String, String>();
        complete.put("app_id", account.appId());
        complete.put("auth_app_id", account.appId());
        complete.put("seller_id", account.sellerId());
        complete.put("charset", charset.equals(StandardCharsets.UTF_8) ? "utf-8" : charset.name());
        complete.put("notify_time", TIME.format(at));
        complete.put("gmt_create", TIME.format(at));
        if (!"TRADE_CLOSED".equals(fields.get("trade_status"))
                && !"WAIT_BUYER_PAY".equals(fields.get("trade_status"))) {
            complete.put("gmt_payment", TIME.format(at));
        }
        complete.putAll(fields);
        complete.values().removeIf("{removed}"::equals);
        complete.replaceAll((name, value) -> value.equals("{at}") ? TIME.format(at) : value);
        return complete;
    }

    private String signature() {
        var content = signedFields().entrySet().stream()
                .filter(field ->
                        !field.getKey().equals("sign_type") && !field.getValue().isEmpty())
                .map(field -> field.getKey() + "=" + field.getValue())
                .collect(joining("&"));
        return Sealing.sign(algorithm, key, content.getBytes(account.charset()));
    }

    private AlipayNotification copy(Consumer<AlipayNotification> change) {
        var copy = new AlipayNotification();
        copy.fields = new LinkedHashMap<>(fields);
        copy.forged = forged;
        copy.afterSigning = afterSigning;
        copy.account = account;
        copy.at = at;
        copy.key = key;
        copy.algorithm = algorithm;
        change.accept(copy);
        return copy;
    }
}
