package io.tallyhook.payment.provider;

import org.jspecify.annotations.Nullable;

/** Where a refund stands, as its provider says to a question of ours. */
public sealed interface RefundAnswer {

    /** It has ended: the money went back, or definitely never will. */
    record Ended(Fact.Refunded fact) implements RefundAnswer {}

    /** The provider has taken it and is not done. */
    record Accepted(@Nullable String providerRefundId) implements RefundAnswer {}

    /**
     * The provider has taken it and cannot go on by itself; a person must act there, after which it may still succeed.
     *
     * @param state the provider's own word for it
     */
    record Stuck(String state, @Nullable String providerRefundId) implements RefundAnswer {}
}
