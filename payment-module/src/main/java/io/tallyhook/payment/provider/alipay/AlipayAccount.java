package io.tallyhook.payment.provider.alipay;

import java.net.URI;
import java.nio.charset.Charset;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One application at Alipay, ready for use: keys are parsed once.
 *
 * @param name our name of it, part of the callback address
 * @param sellerId the seller's user id, 16 digits that begin with 2088
 * @param appPrivateKey what we sign requests with; empty if this account only receives ({@code external})
 * @param alipayPublicKey what Alipay signs with; not the key of the application
 * @param charset of requests and notifications, UTF-8 or GBK
 * @param gatewayUrl the address of the gateway
 */
public record AlipayAccount(
        String name,
        String appId,
        String sellerId,
        Optional<PrivateKey> appPrivateKey,
        PublicKey alipayPublicKey,
        Charset charset,
        URI gatewayUrl) {

    /** Alipay's own address. */
    public static final URI ALIPAY = URI.create("https://openapi.alipay.com/gateway.do");

    AlipayAccount withKey(UnaryOperator<PublicKey> form) {
        return new AlipayAccount(
                name, appId, sellerId, appPrivateKey, form.apply(alipayPublicKey), charset, gatewayUrl);
    }
}
