package io.tallyhook.payment.provider.alipay;

import static java.util.stream.Collectors.joining;

import io.tallyhook.payment.provider.wire.RsaSha256;
import java.net.URI;
import java.net.URLEncoder;
import java.security.PrivateKey;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/** Requests to Alipay's gateway: signed parameters, and the three forms in which they travel. */
record AlipaySigner(AlipayAccount account, PrivateKey key, Instant now) {

    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(AlipayFields.BEIJING);

    /**
     * All parameters of a request with its signature (Alipay OpenAPI, signing): here {@code sign_type} is signed too.
     *
     * @param further parameters beside those of every request, such as {@code notify_url}
     */
    SequencedMap<String, String> signed(String method, String bizContent, Map<String, String> further) {
        var params = new TreeMap<>(further);
        params.put("app_id", account.appId());
        params.put("method", method);
        params.put("format", "json");
        params.put("charset", account.charset().name());
        params.put("sign_type", "RSA2");
        params.put("timestamp", TIME.format(now));
        params.put("version", "1.0");
        params.put("biz_content", bizContent);
        var content = params.entrySet().stream()
                .map(param -> param.getKey() + "=" + param.getValue())
                .collect(joining("&"));
        params.put("sign", RsaSha256.sign(key, content.getBytes(account.charset())));
        return params;
    }

    /** The parameters as a form or query. */
    String encoded(Map<String, String> params) {
        return params.entrySet().stream()
                .map(param -> param.getKey() + "=" + URLEncoder.encode(param.getValue(), account.charset()))
                .collect(joining("&"));
    }

    /** The gateway's address with these parameters. */
    URI address(Map<String, String> params) {
        return URI.create(account.gatewayUrl() + "?" + encoded(params));
    }
}
