package io.tallyhook.payment;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a module asks for when it wants to be paid.
 *
 * @param purpose one of the declared purposes
 * @param reference what is paid for, in the module's own numbering
 * @param amount from the module's own row or catalog, never from a caller's message
 * @param description what the payer reads, at most 127 characters
 * @param channel how the payer wants to pay
 */
public record PaymentRequest(
        Purpose purpose, String reference, UserId userId, Money amount, String description, Channel channel) {

    /**
     * How the payer wants to pay: the body of {@code POST …/payments}.
     *
     * @param provider such as {@code wechat}
     * @param account our account there
     * @param method such as {@code native}, or {@code external} if the shop orders at the provider itself
     * @param expiresIn how long it may be paid; absent: the default, and for {@code external} no end
     * @param fields what only this method needs, such as {@code openid}
     */
    public record Channel(
            String provider,
            String account,
            String method,
            @Nullable Duration expiresIn,
            Map<String, String> fields) {}
}
