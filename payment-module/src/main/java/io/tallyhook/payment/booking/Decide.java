package io.tallyhook.payment.booking;

import static java.util.Objects.requireNonNullElse;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.booking.KnownPayment.KnownRefund;
import io.tallyhook.payment.provider.Check;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Fact.RefundResult;
import java.util.ArrayList;
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
        var comparisons = compare(booking, payment);
        if (comparisons.stream().anyMatch(comparison -> !comparison.fits())) {
            return Decision.nothing(Outcome.MISMATCH, comparisons);
        }
        return switch (booking.fact()) {
            case Fact.Paid paid -> paid(paid, payment, comparisons);
            case Fact.Closed closed -> closed(payment, comparisons);
            case Fact.Refunded refunded -> refunded(refunded, payment, comparisons);
            case Fact.Unchanged unchanged -> Decision.nothing(Outcome.IGNORED, comparisons);
        };
    }

    private static Decision paid(Fact.Paid fact, KnownPayment payment, List<Comparison> comparisons) {
        if (payment.state().wasPaid()) {
            return Decision.nothing(Outcome.DUPLICATE, comparisons);
        }
        return Decision.change(
                payment.state() == PaymentState.CLOSED ? Outcome.LATE : Outcome.CONFIRMED,
                comparisons,
                payment,
                payment.paid(fact.providerTransactionId(), fact.paidAt()));
    }

    private static Decision closed(KnownPayment payment, List<Comparison> comparisons) {
        return switch (payment.state()) {
            case PENDING -> Decision.change(Outcome.CLOSED, comparisons, payment, payment.closed());
            case CLOSED -> Decision.nothing(Outcome.DUPLICATE, comparisons);
            case PAID, PARTIALLY_REFUNDED, REFUNDED -> Decision.nothing(Outcome.IGNORED, comparisons);
        };
    }

    private static Decision refunded(Fact.Refunded fact, KnownPayment payment, List<Comparison> comparisons) {
        var number = refundNo(fact);
        var before = Optional.ofNullable(payment.refunds().get(number));
        if (before.isPresent() && before.get().state().isFinal()) {
            return Decision.nothing(Outcome.DUPLICATE, comparisons);
        }
        var amount = refundAmount(fact, payment);
        if (!amount.isPositive()) {
            return Decision.nothing(Outcome.DUPLICATE, comparisons);
        }
        return switch (fact.result()) {
            case SUCCEEDED -> {
                var refund = new KnownRefund(number, amount, KnownRefund.State.SUCCEEDED);
                yield refund(Outcome.REFUND_CONFIRMED, comparisons, payment, payment.refunded(refund), refund, fact);
            }
            case FAILED -> {
                var refund = new KnownRefund(number, amount, KnownRefund.State.FAILED);
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
                outcome, comparisons, Optional.of(new Decision.Change(before, after, refund, fact.providerRefundId())));
    }

    /** An Alipay refund of the whole trade need not have a number of its own; it then is the trade's. */
    private static String refundNo(Fact.Refunded fact) {
        return requireNonNullElse(fact.refundNo(), fact.outTradeNo());
    }

    /** Alipay tells only what was refunded in all; what this refund gave back is what we had not heard of. */
    private static Money refundAmount(Fact.Refunded fact, KnownPayment payment) {
        if (fact.amount() != null) {
            return fact.amount();
        }
        var known = payment.refunds().get(refundNo(fact));
        if (known != null) {
            return known.amount();
        }
        return fact.refundedInAll() == null
                ? Money.of(0, payment.amount().currency().getCurrencyCode())
                : fact.refundedInAll().minus(payment.refunded());
    }

    private static List<Comparison> compare(Booking booking, KnownPayment payment) {
        var all = new ArrayList<Comparison>();
        all.add(new Comparison(
                Check.CHANNEL,
                payment.provider() + "/" + payment.account(),
                booking.provider() + "/" + booking.account()));
        compareParties(booking, all);
        switch (booking.fact()) {
            case Fact.Paid paid -> comparePaid(paid, payment, all);
            case Fact.Refunded refunded -> compareRefunded(refunded, payment, all);
            case Fact.Closed closed -> {}
            case Fact.Unchanged unchanged -> {}
        }
        return all;
    }

    private static void compareParties(Booking booking, List<Comparison> all) {
        var claimed = booking.fact().claim().parties();
        for (var check : List.of(Check.APP_ID, Check.MERCHANT_ID, Check.SELLER)) {
            var ours = booking.identity().parties().get(check);
            // A payment must name everyone we know of; other messages need not.
            if (ours != null && (claimed.containsKey(check) || booking.fact() instanceof Fact.Paid)) {
                all.add(new Comparison(check, ours, requireNonNullElse(claimed.get(check), Comparison.ABSENT)));
            }
        }
    }

    private static void comparePaid(Fact.Paid fact, KnownPayment payment, List<Comparison> all) {
        compareAmount(fact.amount(), payment.amount(), all);
        if (payment.providerTransactionId() != null) {
            all.add(new Comparison(Check.TRANSACTION, payment.providerTransactionId(), fact.providerTransactionId()));
        }
    }

    private static void compareRefunded(Fact.Refunded fact, KnownPayment payment, List<Comparison> all) {
        if (fact.total() != null) {
            compareAmount(fact.total(), payment.amount(), all);
        }
        if (!payment.state().wasPaid()) {
            all.add(new Comparison(
                    Check.STATE, PaymentState.PAID.name(), payment.state().name()));
            return;
        }
        if (fact.providerTransactionId() != null && payment.providerTransactionId() != null) {
            all.add(new Comparison(Check.TRANSACTION, payment.providerTransactionId(), fact.providerTransactionId()));
        }
        var known = payment.refunds().get(refundNo(fact));
        if (known != null && fact.amount() != null) {
            all.add(new Comparison(
                    Check.AMOUNT, known.amount().toString(), fact.amount().toString()));
        }
        boolean booked = known != null && known.state().isFinal();
        if (fact.result() == RefundResult.SUCCEEDED && !booked) {
            compareRest(fact, payment, all);
        }
    }

    /** No more may be given back than was paid and is left. */
    private static void compareRest(Fact.Refunded fact, KnownPayment payment, List<Comparison> all) {
        var inAll = payment.refunded().plus(refundAmount(fact, payment));
        if (inAll.compareTo(payment.amount()) > 0) {
            all.add(new Comparison(
                    Check.AMOUNT,
                    "at most " + payment.amount().minus(payment.refunded()),
                    "refund of " + refundAmount(fact, payment)));
        }
    }

    private static void compareAmount(Money actual, Money expected, List<Comparison> all) {
        all.add(new Comparison(
                Check.CURRENCY,
                expected.currency().getCurrencyCode(),
                actual.currency().getCurrencyCode()));
        all.add(new Comparison(Check.AMOUNT, expected.plain(), actual.plain()));
    }
}
