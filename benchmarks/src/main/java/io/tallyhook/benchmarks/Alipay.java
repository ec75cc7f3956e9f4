package io.tallyhook.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.math.BigDecimal;
import java.net.URLEncoder;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;

/** Alipay: a form that is signed over its sorted fields; about 1.3 KB, as a payment by code has it. */
final class Alipay implements Provider {

    private static final String APP_ID = "2021000000000001";
    private static final String SELLER_ID = "2088101106499364";
    private static final DateTimeFormatter BEIJING =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.of("Asia/Shanghai"));

    private static final String HEAD = """
            POST /callbacks/alipay/main HTTP/1.1
            Host: 127.0.0.1
            User-Agent: Mozilla/4.0
            Content-Type: application/x-www-form-urlencoded; charset=utf-8
            Content-Length: %d

            """.replace("\n", "\r\n");

    private final KeyPair platform = Rsa.pair();
    private final KeyPair application = Rsa.pair();

    @Override
    public String name() {
        return "alipay";
    }

    @Override
    public Map<String, String> settings() {
        return Map.of(
                "app-id",
                APP_ID,
                "seller-id",
                SELLER_ID,
                "app-private-key",
                Rsa.text(application.getPrivate()),
                "alipay-public-key",
                Rsa.text(platform.getPublic()),
                // Nobody listens there: a benchmark calls no provider.
                "gateway-url",
                "http://127.0.0.1:9/gateway.do");
    }

    @Override
    public byte[] paid(OpenPayment payment, Instant at) {
        return request(payment, at, platform.getPrivate());
    }

    @Override
    public byte[] forged(OpenPayment payment, Instant at) {
        return request(payment, at, application.getPrivate());
    }

    private static byte[] request(OpenPayment payment, Instant at, PrivateKey key) {
        var fields = fields(payment, BEIJING.format(at));
        var content = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + field.getValue())
                .collect(joining("&"));
        fields.put("sign_type", "RSA2");
        fields.put("sign", Rsa.signed(key, content));
        var body = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(joining("&"));
        return (HEAD.formatted(body.length()) + body).getBytes(UTF_8);
    }

    private static TreeMap<String, String> fields(OpenPayment payment, String time) {
        var yuan = BigDecimal.valueOf(payment.amount(), 2).toPlainString();
        var fields = new TreeMap<>(Map.of(
                "notify_type", "trade_status_sync",
                "notify_id", "2026" + payment.transactionId(),
                "notify_time", time,
                "gmt_create", time,
                "gmt_payment", time,
                "app_id", APP_ID,
                "auth_app_id", APP_ID,
                "seller_id", SELLER_ID,
                "charset", "utf-8",
                "version", "1.0"));
        fields.putAll(Map.of(
                "out_trade_no",
                payment.outTradeNo(),
                "trade_no",
                payment.transactionId(),
                "trade_status",
                "TRADE_SUCCESS",
                "total_amount",
                yuan,
                "receipt_amount",
                yuan,
                "buyer_pay_amount",
                yuan,
                "subject",
                "Tea, 一罐",
                "buyer_id",
                "2088102116773037",
                "buyer_logon_id",
                "159****5620",
                "fund_bill_list",
                "[{\"amount\":\"%s\",\"fundChannel\":\"ALIPAYACCOUNT\"}]".formatted(yuan)));
        fields.putAll(Map.of("point_amount", "0.00", "invoice_amount", yuan, "seller_email", "shop@example.com"));
        return fields;
    }
}
