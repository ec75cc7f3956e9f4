package io.tallyhook.payment.provider.wechat;

import java.net.URI;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One merchant account at WeChat Pay, ready for use: keys are parsed once.
 *
 * @param name our name of it, part of the callback address
 * @param apiV3Key 32 bytes of ASCII, the AES-256 key of notifications
 * @param signing how we sign requests; empty if this account only receives ({@code external})
 * @param platformKeys what WeChat Pay signs with, by {@code Wechatpay-Serial}: public-key ids and certificate serials
 *     side by side
 * @param baseUrl of the API, without a trailing slash
 */
public record WeChatAccount(
        String name,
        String appId,
        String mchId,
        byte[] apiV3Key,
        Optional<Signing> signing,
        Map<String, PublicKey> platformKeys,
        URI baseUrl) {

    /** WeChat Pay's own address. */
    public static final URI WECHAT_PAY = URI.create("https://api.mch.weixin.qq.com");

    WeChatAccount withKeys(UnaryOperator<PublicKey> form) {
        var keys = new HashMap<String, PublicKey>();
        platformKeys.forEach((serial, key) -> keys.put(serial, form.apply(key)));
        return new WeChatAccount(name, appId, mchId, apiV3Key, signing, Map.copyOf(keys), baseUrl);
    }

    /**
     * How we sign requests.
     *
     * @param merchantSerial the serial number of our API certificate
     * @param answerKeyId which platform key WeChat Pay shall sign its answers with; absent: its choice
     */
    public record Signing(
            String merchantSerial,
            PrivateKey merchantKey,
            @Nullable String answerKeyId) {}
}
