package io.tallyhook.payment.callback;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tallyhook.payment.booking.Outcome;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One delivery in the callback log.
 *
 * @param reason why it was refused, or the provider's word for a state that changes nothing
 * @param replyStatus the HTTP status that the provider was answered
 * @param durationMicros from arrival to just before the commit, in microseconds
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CallbackLine(
        UUID callbackId,
        Instant receivedAt,
        String provider,
        String account,
        Outcome outcome,
        @Nullable String reason,
        @Nullable String outTradeNo,
        @Nullable String providerTransactionId,
        @Nullable String notificationId,
        int replyStatus,
        int durationMicros) {}
