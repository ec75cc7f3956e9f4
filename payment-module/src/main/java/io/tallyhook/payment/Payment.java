package io.tallyhook.payment;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A payment as it stands: one attempt to pay one order, recharge or purchase.
 *
 * @param outTradeNo our number, which the provider repeats in its callbacks
 * @param purpose the code of the {@link Purpose}
 * @param reference what it pays for, in its module's own numbering, such as an order number
 * @param provider who collects the money, such as {@code wechat}
 * @param account which of our accounts at that provider
 * @param method how the payer pays, such as {@code native}
 * @param fulfilmentError what the last failed attempt said, or why it has to wait; for people
 * @param attempts how often the sweep has handed it out again
 * @param amount what is to be paid
 * @param received what was paid: the amount, unless another was released for it
 * @param refundedAmount how much of what was received was given back, in minor units
 * @param nextAttemptAt when the sweep takes it next, while something is due
 * @param closedAt when it was given up; a late payment keeps it
 * @param fulfilledAt when what was bought had been handed out
 * @param creditedAs what it has become in the payer's wallet, if it was credited there instead of paying for something
 * @param payParams what the payer's device needs to pay, by method; absent where the provider has not answered
 */
public record Payment(
        String outTradeNo,
        String purpose,
        String reference,
        UserId userId,
        String provider,
        String account,
        String method,
        PaymentState state,
        FulfilmentState fulfilment,
        @Nullable ParkingReason fulfilmentReason,
        @Nullable String fulfilmentError,
        int attempts,
        Money amount,
        Money received,
        long refundedAmount,
        @Nullable String providerTransactionId,
        Instant createdAt,
        @Nullable Instant paidAt,
        @Nullable Instant expiresAt,
        @Nullable Instant nextAttemptAt,
        @Nullable Instant closedAt,
        @Nullable Instant fulfilledAt,
        @Nullable String creditedAs,
        Map<String, String> payParams) {

    /** Whether what it was opened for is not paid by it: it was closed unpaid, or its money is in the payer's wallet. */
    public boolean paysNothing() {
        return state == PaymentState.CLOSED || creditedAs != null;
    }

    /** Whether it is due and its module has said that it cannot be handed out now; the error says why. */
    public boolean waits() {
        return fulfilment == FulfilmentState.PENDING && fulfilmentError != null;
    }

    /** Whether another amount was paid than was asked for. */
    public boolean receivedOther() {
        return !received.equals(amount);
    }
}
