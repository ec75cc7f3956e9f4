package io.tallyhook.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** WeChat Pay APIv3: four headers over a body whose content is encrypted; about 1.2 KB, as a native payment has it. */
final class WeChat implements Provider {

    private static final String KEY_ID = "PUB_KEY_ID_0116000000002026010100000000000001";
    private static final String API_V3_KEY = "benchmark-0123456789-0123456789-";
    private static final String APP_ID = "wxd678efh567hg6787";
    private static final String MCH_ID = "1900000109";

    private static final String TRANSACTION = """
            {"mchid":"%s","appid":"%s","out_trade_no":"%s","transaction_id":"%s","trade_type":"NATIVE",\
            "trade_state":"SUCCESS","trade_state_desc":"支付成功","bank_type":"CMC","attach":"",\
            "success_time":"%s","payer":{"openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},\
            "amount":{"total":%d,"payer_total":%d,"currency":"CNY","payer_currency":"CNY"},\
            "scene_info":{"device_id":"013467007045764"},\
            "promotion_detail":[{"coupon_id":"109519","name":"满减","scope":"GLOBAL","type":"CASH","amount":0,\
            "stock_id":"931386","wechatpay_contribute":0,"merchant_contribute":0,"other_contribute":0,"currency":"CNY"}]}""";

    private static final String ENVELOPE = """
            {"id":"%s","create_time":"%s","resource_type":"encrypt-resource","event_type":"TRANSACTION.SUCCESS",\
            "summary":"支付成功","resource":{"original_type":"transaction","algorithm":"AEAD_AES_256_GCM",\
            "ciphertext":"%s","associated_data":"transaction","nonce":"%s"}}""";

    private static final String HEAD = """
            POST /callbacks/wechat/main HTTP/1.1
            Host: 127.0.0.1
            User-Agent: Mozilla/4.0
            Accept: */*
            Content-Type: application/json
            Request-ID: %s
            Wechatpay-Nonce: %s
            Wechatpay-Serial: %s
            Wechatpay-Signature: %s
            Wechatpay-Signature-Type: WECHATPAY2-SHA256-RSA2048
            Wechatpay-Timestamp: %d
            Content-Length: %d

            """.replace("\n", "\r\n");

    private final KeyPair platform = Rsa.pair();
    private final KeyPair stranger = Rsa.pair();

    @Override
    public String name() {
        return "wechat";
    }

    @Override
    public Map<String, String> settings() {
        return Map.of(
                "app-id", APP_ID,
                "mch-id", MCH_ID,
                "api-v3-key", API_V3_KEY,
                "public-key-id", KEY_ID,
                "public-key", Rsa.text(platform.getPublic()),
                // Nobody listens there: a benchmark calls no provider.
                "base-url", "http://127.0.0.1:9");
    }

    @Override
    public byte[] paid(OpenPayment payment, Instant at) {
        return request(payment, at, platform.getPrivate());
    }

    @Override
    public byte[] forged(OpenPayment payment, Instant at) {
        return request(payment, at, stranger.getPrivate());
    }

    private static byte[] request(OpenPayment payment, Instant at, PrivateKey key) {
        var id = UUID.randomUUID().toString();
        var nonce = id.replace("-", "");
        var body = body(payment, at, id);
        var signature = Rsa.signed(key, "%d\n%s\n%s\n".formatted(at.getEpochSecond(), nonce, body));
        var length = body.getBytes(UTF_8).length;
        var head = HEAD.formatted(id, nonce, KEY_ID, signature, at.getEpochSecond(), length);
        return (head + body).getBytes(UTF_8);
    }

    private static String body(OpenPayment payment, Instant at, String id) {
        var paidAt = Instant.ofEpochSecond(at.getEpochSecond()).toString().replace("Z", "+00:00");
        var content = TRANSACTION.formatted(
                MCH_ID,
                APP_ID,
                payment.outTradeNo(),
                payment.transactionId(),
                paidAt,
                payment.amount(),
                payment.amount());
        var nonce = id.substring(0, 12);
        return ENVELOPE.formatted(id, paidAt, encrypted(content, nonce), nonce);
    }

    private static String encrypted(String content, String nonce) {
        try {
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(API_V3_KEY.getBytes(UTF_8), "AES"),
                    new GCMParameterSpec(128, nonce.getBytes(UTF_8)));
            cipher.updateAAD("transaction".getBytes(UTF_8));
            return Base64.getEncoder().encodeToString(cipher.doFinal(content.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
