package io.tallyhook.payment.booking;

import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.provider.Check;
import io.tallyhook.payment.provider.Fact;
import java.util.List;
import java.util.Optional;

/** The decision table of callbacks: what a genuine fact does to a payment. Pure. */
public final class Decide {

    private Decide() {}

    /** @param known the payment with the fact's number, if there is one */
    public static Decision decide(Booking booking, Optional<KnownPayment> known) {
        if (known.isEmpty()) {
            return Decision.nothing(
                    Outcome.UNKNOWN_PAYMENT,
                    List.of(new Comparison(
                            Check.PAYMENT, Comparison.ABSENT, booking.fact().outTradeNo())));
        }
        var payment = known.get();
        var comparisons = Compare.compare(booking, payment);
        if (comparisons.stream().anyMatch(comparison -> !comparison.fits())) {
            return Decision.nothing(Outcome.MISMATCH, comparisons);
        }
        return switch (booking.fact()) {
            case Fact.Paid paid -> paid(booking, paid, payment, comparisons);
            case Fact.Closed closed -> closed(payment, comparisons);
            case Fact.Refunded refunded -> refunded(refunded, payment, comparisons);
            case Fact.Unchanged unchanged -> Decision.nothing(Outcome.IGNORED, comparisons);
        };
    }

    private static Decision paid(Booking booking, Fact.Paid fact, KnownPayment payment, List<Comparison> comparisons) {
        if (payment.state().wasPaid()) {
            return Decision.nothing(Outcome.DUPLICATE, comparisons);
        }
        return Decision.change(
                payment.state() == PaymentState.CLOSED ? Outcome.LATE : Outcome.CONFIRMED,
                comparisons,
                payment,
                booking.accepted() == null
                        ? payment.paid(fact.providerTransactionId(), fact.paidAt())
                        : payment.paid(fact.providerTransactionId(), fact.paidAt(), booking.accepted()));
    }

    private static Decision closed(KnownPayment payment, List<Comparison> comparisons) {
        return switch (payment.state()) {
            case PENDING -> Decision.change(Outcome.CLOSED, comparisons, payment, payment.closed());
            case CLOSED -> Decision.nothing(Outcome.DUPLICATE, comparisons);
            case PAID, PARTIALLY_REFUNDED, REFUNDED -> Decision.nothing(Outcome.IGNORED, comparisons);
        };
    }

    private static Decision refunded(Fact.Refunded fact, KnownPayment payment, List<Comparison> comparisons) {
        var notice = RefundNotice.of(fact, payment);
        boolean settled = Optional.ofNullable(payment.refunds().get(notice.refundNo()))
                .filter(known -> known.state().isFinal())
                .isPresent();
        if (settled || !notice.amount().isPositive()) {
            return Decision.nothing(Outcome.DUPLICATE, comparisons);
        }
        return switch (fact.result()) {
            case SUCCEEDED -> {
                var refund = notice.as(KnownRefund.State.SUCCEEDED);
                yield refund(Outcome.REFUND_CONFIRMED, comparisons, payment, payment.refunded(refund), refund, fact);
            }
            case FAILED -> {
                var refund = notice.as(KnownRefund.State.FAILED);
                yield refund(Outcome.REFUND_FAILED, comparisons, payment, payment.refundMoved(refund), refund, fact);
            }
            // Not final: a person must act at the provider, and a later notice tells how it ended.
            case ABNORMAL -> Decision.nothing(Outcome.IGNORED, comparisons);
        };
    }

    private static Decision refund(
            Outcome outcome,
            List<Comparison> comparisons,
            KnownPayment before,
            KnownPayment after,
            KnownRefund refund,
            Fact.Refunded fact) {
        return new Decision(
                outcome,
                comparisons,
                Optional.of(new Decision.Change(before, after, refund, fact.providerRefundId(), fact.at())));
    }
}
