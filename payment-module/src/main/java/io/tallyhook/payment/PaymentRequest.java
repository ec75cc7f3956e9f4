package io.tallyhook.payment;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
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

    /** The same, to be paid through this channel. */
    PaymentRequest through(Channel other) {
        return new PaymentRequest(purpose, reference, userId, amount, description, other);
    }

    /**
     * How the payer wants to pay: the body of {@code POST …/payments}.
     *
     * @param provider such as {@code wechat}
     * @param account our account there; may be absent for an {@link InstantMethod}, which has only one
     * @param method such as {@code native}, or {@code external} if the shop orders at the provider itself
     * @param expiresIn how long it may be paid; absent: the default, and for {@code external} no end. What is paid at
     *     once keeps any term and has none
     * @param fields what only this method needs, such as {@code openid}
     */
    public record Channel(
            String provider,
            @Nullable String account,
            String method,
            @Nullable Duration expiresIn,
            Map<String, String> fields) {

        /** The account of a channel that was found to exist. */
        String knownAccount() {
            return Objects.requireNonNull(account);
        }
    }
}
