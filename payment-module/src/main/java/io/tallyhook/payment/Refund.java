package io.tallyhook.payment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Money of a payment that was given back, or is to be.
 *
 * @param refundNo unique within its payment; if we asked for it, over all payments
 * @param state {@code REQUESTED}, {@code PROCESSING}, {@code SUCCEEDED} or {@code FAILED}
 * @param reason why, for people
 * @param requestedBy who asked for it; absent if it was started at the provider
 * @param providerRefundId the provider's own number of it
 * @param attempts how often somebody took it on: sent it or asked for it
 * @param nextAttemptAt when that happens next, while it is under way
 * @param stuckSince since when it waits for a person at the provider
 * @param error what the provider or the module said that kept it from going on; for people
 * @param settledAt when it had succeeded or failed
 * @param nextUnwindAt when the module of the purpose is told next how it ended; absent when it knows
 * @param shortAmount how much of what was handed out could not be taken back, for a refund started at the provider
 */
public record Refund(
        String refundNo,
        String outTradeNo,
        String state,
        Money amount,
        String reason,
        @Nullable String requestedBy,
        @Nullable String providerRefundId,
        int attempts,
        @Nullable Instant nextAttemptAt,
        @Nullable Instant stuckSince,
        @Nullable String error,
        Instant createdAt,
        @Nullable Instant settledAt,
        @Nullable Instant nextUnwindAt,
        @Nullable Money shortAmount) {

    /** Whether it has neither succeeded nor failed. */
    public boolean isUnderWay() {
        return settledAt == null;
    }

    /** Whether something of what was handed out could not be taken back. */
    public boolean isShort() {
        return shortAmount != null && shortAmount.isPositive();
    }
}
