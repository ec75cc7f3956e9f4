package io.tallyhook.payment.provider.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tallyhook.payment.provider.Delivery;
import io.tallyhook.payment.provider.wire.Cryptography;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A notification as WeChat Pay would send it, in size and form, with a signature that is as long as a right one and wrong: only
 * WeChat Pay can make a right one.
 */
record WeChatRehearsal(WeChatAccount account, Cryptography cryptography) {

    Delivery delivery(UUID id, String outTradeNo, Instant now) {
        var platformKey = account.platformKeys().entrySet().iterator().next();
        var headers = Map.of(
                WeChatSignature.SERIAL,
                platformKey.getKey(),
                WeChatSignature.TIMESTAMP,
                Long.toString(now.getEpochSecond()),
                WeChatSignature.NONCE,
                id.toString(),
                WeChatSignature.SIGNATURE,
                wrongSignature(platformKey.getValue()),
                "content-type",
                "application/json");
        return new Delivery(id, now, WeChatCallbacks.PROVIDER, account.name(), headers, body(id, outTradeNo, now));
    }

    private static String wrongSignature(PublicKey key) {
        var signature = new byte[((RSAKey) key).getModulus().bitLength() / 8];
        Arrays.fill(signature, (byte) 1);
        return Base64.getEncoder().encodeToString(signature);
    }

    private byte[] body(UUID id, String outTradeNo, Instant now) {
        // Never the same twice with one key: the rest of an id, 12 characters, is random.
        var nonce = id.toString().substring(24);
        return """
                {"id":"%s","create_time":"%s","resource_type":"encrypt-resource","event_type":"TRANSACTION.SUCCESS",\
                "summary":"rehearsal","resource":{"original_type":"transaction","algorithm":"AEAD_AES_256_GCM",\
                "ciphertext":"%s","associated_data":"transaction","nonce":"%s"}}""".formatted(id, now, encrypted(content(outTradeNo, now), nonce), nonce)
                .getBytes(UTF_8);
    }

    private String content(String outTradeNo, Instant now) {
        return """
                {"transaction_id":"4200000000%s","amount":{"payer_total":1,"total":1,"currency":"CNY","payer_currency":"CNY"},\
                "mchid":"%s","trade_state":"SUCCESS","bank_type":"CMC","promotion_detail":[],"success_time":"%s",\
                "payer":{"openid":"rehearsal"},"out_trade_no":"%s","appid":"%s","trade_state_desc":"rehearsal",\
                "trade_type":"MICROPAY","attach":"","scene_info":{"device_id":"rehearsal"}}""".formatted(outTradeNo, account.mchId(), now, outTradeNo, account.appId());
    }

    private String encrypted(String content, String nonce) {
        try {
            var cipher = cryptography.cipher();
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(account.apiV3Key(), "AES"),
                    new GCMParameterSpec(128, nonce.getBytes(UTF_8)));
            cipher.updateAAD("transaction".getBytes(UTF_8));
            return Base64.getEncoder().encodeToString(cipher.doFinal(content.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The rehearsed notification cannot be encrypted", e);
        }
    }
}
