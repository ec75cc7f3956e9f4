package io.tallyhook.payment.provider.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tallyhook.payment.provider.wire.RsaSha256;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.springframework.http.HttpMethod;

/**
 * What we sign with our merchant key: requests, and the parameters with which the payer's device calls up the payment.
 *
 * @param timestamp Unix seconds
 */
record WeChatSigner(WeChatAccount account, WeChatAccount.Signing signing, String timestamp, String nonce) {

    private static final String SCHEMA = "WECHATPAY2-SHA256-RSA2048";

    /** The value of the header {@code Authorization} (WeChat Pay APIv3, request signing). */
    String authorization(HttpMethod method, URI uri, String body) {
        var path = uri.getRawQuery() == null ? uri.getRawPath() : uri.getRawPath() + "?" + uri.getRawQuery();
        var signature = sign(method.name(), path, timestamp, nonce, body);
        return "%s mchid=\"%s\",nonce_str=\"%s\",timestamp=\"%s\",serial_no=\"%s\",signature=\"%s\""
                .formatted(SCHEMA, account.mchId(), nonce, timestamp, signing.merchantSerial(), signature);
    }

    /** For the browser inside WeChat and for mini programs. */
    Map<String, String> jsapi(String prepayId) {
        var packaged = "prepay_id=" + prepayId;
        SequencedMap<String, String> params = new LinkedHashMap<>();
        params.put("appId", account.appId());
        params.put("timeStamp", timestamp);
        params.put("nonceStr", nonce);
        params.put("package", packaged);
        params.put("signType", "RSA");
        params.put("paySign", sign(account.appId(), timestamp, nonce, packaged));
        return params;
    }

    /** For the SDK in an app. */
    Map<String, String> app(String prepayId) {
        SequencedMap<String, String> params = new LinkedHashMap<>();
        params.put("appid", account.appId());
        params.put("partnerid", account.mchId());
        params.put("prepayid", prepayId);
        params.put("package", "Sign=WXPay");
        params.put("noncestr", nonce);
        params.put("timestamp", timestamp);
        params.put("sign", sign(account.appId(), timestamp, nonce, prepayId));
        return params;
    }

    private String sign(String... lines) {
        return RsaSha256.sign(signing.merchantKey(), (String.join("\n", lines) + "\n").getBytes(UTF_8));
    }
}
