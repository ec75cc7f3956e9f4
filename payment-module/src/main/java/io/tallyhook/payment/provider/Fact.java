package io.tallyhook.payment.provider;

import io.tallyhook.payment.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a genuine message says, in provider-neutral words. It is not yet compared with anything of ours. */
public sealed interface Fact {

    /** Our number of the payment that the message is about. */
    String outTradeNo();

    /** For whom the message says it is. */
    Claim claim();

    /**
     * The payment succeeded.
     *
     * @param providerTransactionId the provider's own number of the transaction
     * @param amount the order's amount, before the payer's coupons
     * @param paidAt by the provider's clock
     */
    record Paid(String outTradeNo, Claim claim, String providerTransactionId, Money amount, Instant paidAt)
            implements Fact {}

    /** The payment was closed unpaid. */
    record Closed(String outTradeNo, Claim claim) implements Fact {}

    /**
     * A refund has a result.
     *
     * @param refundNo our number of the refund, or the provider's where it was not ours; absent where the message
     *     names none (an Alipay refund of the whole trade)
     * @param providerRefundId the provider's own number of the refund, where the message has one
     * @param amount what this refund gives back; absent where the message only knows {@code refundedInAll}
     * @param refundedInAll what has been given back of this payment up to now, where the message has it
     * @param total the payment's amount as the message repeats it
     * @param at by the provider's clock
     */
    record Refunded(
            String outTradeNo,
            Claim claim,
            RefundResult result,
            @Nullable String providerTransactionId,
            @Nullable String refundNo,
            @Nullable String providerRefundId,
            @Nullable Money amount,
            @Nullable Money refundedInAll,
            @Nullable Money total,
            @Nullable Instant at)
            implements Fact {}

    /** How a refund ended. */
    enum RefundResult {
        SUCCEEDED,
        FAILED,
        /** Stuck at the provider until a person acts there; it may still succeed. */
        ABNORMAL
    }

    /**
     * Something that changes nothing here.
     *
     * @param state the provider's own word for it, such as {@code WAIT_BUYER_PAY}
     */
    record Unchanged(String outTradeNo, Claim claim, String state) implements Fact {}
}
