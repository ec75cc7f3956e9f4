package io.tallyhook.payment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Money of a payment that was given back, or is to be.
 *
 * @param refundNo unique within its payment
 * @param state {@code REQUESTED}, {@code PROCESSING}, {@code SUCCEEDED} or {@code FAILED}
 * @param reason why, for people
 * @param settledAt when it had succeeded or failed
 */
public record Refund(
        String refundNo,
        String outTradeNo,
        String state,
        Money amount,
        String reason,
        Instant createdAt,
        @Nullable Instant settledAt) {}
