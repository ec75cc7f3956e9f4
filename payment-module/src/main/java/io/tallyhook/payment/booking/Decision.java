package io.tallyhook.payment.booking;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a fact.
 *
 * @param comparisons everything that was compared, in order
 * @param change how the payment changes, if it does
 */
public record Decision(Outcome outcome, List<Comparison> comparisons, Optional<Change> change) {

    /**
     * A payment before and after.
     *
     * @param refund the refund that moves with it, where it is about one
     * @param providerRefundId the provider's own number of that refund
     * @param refundedAt when it was paid out, by the provider's clock, where that was told
     */
    public record Change(
            KnownPayment before,
            KnownPayment after,
            @Nullable KnownRefund refund,
            @Nullable String providerRefundId,
            @Nullable Instant refundedAt) {}

    static Decision nothing(Outcome outcome, List<Comparison> comparisons) {
        return new Decision(outcome, comparisons, Optional.empty());
    }

    static Decision change(Outcome outcome, List<Comparison> comparisons, KnownPayment before, KnownPayment after) {
        return new Decision(outcome, comparisons, Optional.of(new Change(before, after, null, null, null)));
    }

    /** The comparisons that did not fit. */
    public List<Comparison> differences() {
        return comparisons.stream().filter(comparison -> !comparison.fits()).toList();
    }
}
