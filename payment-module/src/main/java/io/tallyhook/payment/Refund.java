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
 * @param nextAttemptAt when that happens next, while it is under way and waits for no second person
 * @param stuckSince since when it waits for a person at the provider
 * @param error what the provider or the module said that kept it from going on; for people
 * @param settledAt when it had succeeded or failed
 * @param nextUnwindAt when the module of the purpose is told next how it ended; absent when it knows
 * @param needsApproval whether it was sent, or will be, only with a second person's approval
 * @param approvedBy who has given it; absent if nobody has
 * @param mayBeGivenUp whether it was sent and has got no clear answer for so long that two persons may say how it ended
 * @param givingUp what is proposed, or was done, about giving it up
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
        boolean needsApproval,
        @Nullable String approvedBy,
        boolean mayBeGivenUp,
        @Nullable GivingUp givingUp,
        @Nullable Money shortAmount) {

    /** Ends the number of what has failed or was given up here and has gone at the provider after all; no number that is made has it. */
    public static final String AFTER_ALL = "~2";

    /** Whether it has neither succeeded nor failed. */
    public boolean isUnderWay() {
        return settledAt == null;
    }

    /** Whether it waits for a second person, and is not sent before he has approved it. */
    public boolean awaitsApproval() {
        return needsApproval && approvedBy == null && isUnderWay();
    }

    /** Whether somebody proposes to give it up, and a second person is to be heard. */
    public boolean awaitsGivingUp() {
        return givingUp != null && isUnderWay();
    }

    /** Whether two persons have said how it ended. */
    public boolean isGivenUp() {
        return givingUp != null && givingUp.confirmedBy() != null;
    }

    /** Whether this money has gone at the provider after its refund had failed or was given up. */
    public boolean isAfterAll() {
        return refundNo.endsWith(AFTER_ALL);
    }

    /** Whether something of what was handed out could not be taken back. */
    public boolean isShort() {
        return shortAmount != null && shortAmount.isPositive();
    }
}
