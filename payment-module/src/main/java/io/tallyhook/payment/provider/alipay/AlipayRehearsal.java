package io.tallyhook.payment.provider.alipay;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tallyhook.payment.provider.Delivery;
import java.net.URLEncoder;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A notification as Alipay would send it, in size and form, with a signature that is as long as a right one and wrong: only
 * Alipay can make a right one.
 */
record AlipayRehearsal(AlipayAccount account) {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(AlipayFields.BEIJING);

    Delivery delivery(UUID id, String outTradeNo, Instant now) {
        var body = fields(id, outTradeNo, TIME.format(now)).entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), account.charset()))
                .collect(Collectors.joining("&"));
        var headers = Map.of("content-type", "application/x-www-form-urlencoded");
        return new Delivery(id, now, AlipayCallbacks.PROVIDER, account.name(), headers, body.getBytes(US_ASCII));
    }

    private Map<String, String> fields(UUID id, String outTradeNo, String now) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("gmt_create", now);
        fields.put("charset", account.charset().name());
        fields.put("seller_email", "rehearsal@example.com");
        fields.put("subject", "rehearsal");
        fields.put("sign", wrongSignature());
        fields.put("buyer_id", "2088000000000000");
        fields.put("invoice_amount", "0.01");
        fields.put("notify_id", id.toString());
        fields.put("notify_type", "trade_status_sync");
        fields.put("trade_status", "TRADE_SUCCESS");
        fields.put("receipt_amount", "0.01");
        fields.put("app_id", account.appId());
        fields.put("buyer_pay_amount", "0.01");
        fields.put("sign_type", "RSA2");
        fields.put("seller_id", account.sellerId());
        fields.put("gmt_payment", now);
        fields.put("notify_time", now);
        fields.put("version", "1.0");
        fields.put("out_trade_no", outTradeNo);
        fields.put("total_amount", "0.01");
        fields.put("trade_no", "20260000" + outTradeNo);
        fields.put("auth_app_id", account.appId());
        fields.put("point_amount", "0.00");
        return fields;
    }

    private String wrongSignature() {
        var signature =
                new byte[((RSAKey) account.alipayPublicKey()).getModulus().bitLength() / 8];
        Arrays.fill(signature, (byte) 1);
        return Base64.getEncoder().encodeToString(signature);
    }
}
