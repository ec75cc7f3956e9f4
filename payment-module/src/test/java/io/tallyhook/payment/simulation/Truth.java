package io.tallyhook.payment.simulation;

import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Fact.RefundResult;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must be true of one payment: the contract once more, as short as can be and without looking at the code. */
final class Truth {

    private final long amount;
    private final Map<String, Long> settledRefunds = new HashMap<>();
    private final Set<String> failedRefunds = new HashSet<>();
    private @Nullable String paidBy;
    private boolean closed;
    private boolean late;
    private long refunded;

    Truth(long amount) {
        this.amount = amount;
    }

    /** What a notice must be answered with now. */
    Outcome expected(Notice notice) {
        if (!notice.fits()) {
            return Outcome.MISMATCH;
        }
        return switch (notice.booking().fact()) {
            case Fact.Paid paid ->
                paidBy == null
                        ? closed ? Outcome.LATE : Outcome.CONFIRMED
                        : paidBy.equals(paid.providerTransactionId()) ? Outcome.DUPLICATE : Outcome.MISMATCH;
            case Fact.Closed gone -> paidBy != null ? Outcome.IGNORED : closed ? Outcome.DUPLICATE : Outcome.CLOSED;
            case Fact.Refunded refund -> expected(refund);
            case Fact.Unchanged nothing -> Outcome.IGNORED;
        };
    }

    private Outcome expected(Fact.Refunded refund) {
        if (paidBy == null) {
            return Outcome.MISMATCH;
        }
        if (refund.providerTransactionId() != null
                && !refund.providerTransactionId().equals(paidBy)) {
            return Outcome.MISMATCH;
        }
        var settled = settledRefunds.get(number(refund));
        if (settled != null) {
            boolean same = refund.amount() == null || refund.amount().minorUnits() == settled;
            boolean takenBack = refund.result() == RefundResult.FAILED && !failedRefunds.contains(number(refund));
            return same && !takenBack ? Outcome.DUPLICATE : Outcome.MISMATCH;
        }
        if (refund.result() == RefundResult.FAILED) {
            return Outcome.REFUND_FAILED;
        }
        if (refund.result() == RefundResult.ABNORMAL) {
            return Outcome.IGNORED;
        }
        if (given(refund) > amount - refunded) {
            return Outcome.MISMATCH;
        }
        return given(refund) <= 0 ? Outcome.DUPLICATE : Outcome.REFUND_CONFIRMED;
    }

    /** What has failed and goes after all is another refund. */
    private String number(Fact.Refunded refund) {
        var number = Objects.requireNonNull(refund.refundNo());
        return failedRefunds.contains(number) && refund.result() == RefundResult.SUCCEEDED ? number + "~2" : number;
    }

    /** By this refund; a provider that only tells the sum has told what is new in it. */
    private long given(Fact.Refunded refund) {
        return refund.amount() == null
                ? Objects.requireNonNull(refund.refundedInAll()).minorUnits() - refunded
                : refund.amount().minorUnits();
    }

    /** It was booked. */
    void booked(Notice notice, Outcome outcome) {
        if (!outcome.changedSomething()) {
            return;
        }
        switch (notice.booking().fact()) {
            case Fact.Paid paid -> {
                paidBy = paid.providerTransactionId();
                late = closed;
            }
            case Fact.Closed gone -> closed = true;
            case Fact.Refunded refund -> {
                long given = given(refund);
                settledRefunds.put(number(refund), given);
                refunded += outcome == Outcome.REFUND_CONFIRMED ? given : 0;
                if (outcome == Outcome.REFUND_FAILED) {
                    failedRefunds.add(number(refund));
                }
            }
            case Fact.Unchanged nothing -> throw new AssertionError("Nothing can change by " + notice);
        }
    }

    void closedByUs() {
        closed |= paidBy == null;
    }

    PaymentState state() {
        if (paidBy == null) {
            return closed ? PaymentState.CLOSED : PaymentState.PENDING;
        }
        return refunded == 0
                ? PaymentState.PAID
                : refunded == amount ? PaymentState.REFUNDED : PaymentState.PARTIALLY_REFUNDED;
    }

    @Nullable
    String paidBy() {
        return paidBy;
    }

    boolean late() {
        return late;
    }

    long refunded() {
        return refunded;
    }
}
