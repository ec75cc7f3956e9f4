package io.tallyhook.payment.booking;

import static java.util.Objects.requireNonNullElse;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.provider.Check;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Fact.RefundResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Holds a fact against the payment that it names: all of it must fit before anything is booked. Pure, never throws. */
final class Compare {

    private Compare() {}

    static List<Comparison> compare(Booking booking, KnownPayment payment) {
        var all = new ArrayList<Comparison>();
        all.add(new Comparison(
                Check.PAYMENT, payment.outTradeNo(), booking.fact().outTradeNo()));
        all.add(new Comparison(
                Check.CHANNEL,
                payment.provider() + "/" + payment.account(),
                booking.provider() + "/" + booking.account()));
        parties(booking, all);
        switch (booking.fact()) {
            case Fact.Paid paid -> paid(paid, expected(booking, payment), payment, all);
            case Fact.Refunded refunded -> refunded(refunded, payment, all);
            case Fact.Closed closed -> {}
            case Fact.Unchanged unchanged -> {}
        }
        return all;
    }

    private static void parties(Booking booking, List<Comparison> all) {
        var claimed = booking.fact().claim().parties();
        for (var check : List.of(Check.APP_ID, Check.MERCHANT_ID, Check.SELLER)) {
            var ours = booking.identity().parties().get(check);
            // A payment must name everyone we know of; other messages need not.
            if (ours != null && (claimed.containsKey(check) || booking.fact() instanceof Fact.Paid)) {
                all.add(new Comparison(check, ours, requireNonNullElse(claimed.get(check), Comparison.ABSENT)));
            }
        }
    }

    /** What was received once says for ever which amount a repeat must have. */
    private static Money expected(Booking booking, KnownPayment payment) {
        var accepted = booking.accepted();
        return accepted == null || payment.state().wasPaid() ? payment.received() : accepted.received();
    }

    private static void paid(Fact.Paid fact, Money expected, KnownPayment payment, List<Comparison> all) {
        amount(fact.amount(), expected, all);
        if (payment.providerTransactionId() != null) {
            all.add(new Comparison(Check.TRANSACTION, payment.providerTransactionId(), fact.providerTransactionId()));
        }
    }

    private static void refunded(Fact.Refunded fact, KnownPayment payment, List<Comparison> all) {
        if (fact.total() != null) {
            amount(fact.total(), payment.received(), all);
        }
        if (!payment.state().wasPaid()) {
            all.add(new Comparison(
                    Check.STATE, PaymentState.PAID.name(), payment.state().name()));
            return;
        }
        if (fact.providerTransactionId() != null && payment.providerTransactionId() != null) {
            all.add(new Comparison(Check.TRANSACTION, payment.providerTransactionId(), fact.providerTransactionId()));
        }
        var given = fact.amount() == null ? fact.refundedInAll() : fact.amount();
        if (given != null && !given.currency().equals(payment.amount().currency())) {
            currency(given, payment.amount(), all);
            return;
        }
        refundAmount(fact, payment, all);
    }

    /** The amount that the refund was asked for with; and no more than was paid and is left. */
    private static void refundAmount(Fact.Refunded fact, KnownPayment payment, List<Comparison> all) {
        var notice = RefundNotice.of(fact, payment);
        var known = payment.refunds().get(notice.refundNo());
        if (known != null && fact.amount() != null) {
            all.add(new Comparison(
                    Check.AMOUNT, known.amount().toString(), fact.amount().toString()));
        }
        if (known != null && known.unapproved()) {
            all.add(new Comparison(
                    Check.STATE, "a refund that was sent", "refund %s, not approved".formatted(known.refundNo())));
        }
        if (known != null && contradicts(fact, known)) {
            all.add(new Comparison(
                    Check.STATE, known.state().name(), fact.result().name()));
        }
        if (known == null && fact.amount() == null) {
            nothingUnderWay(payment, all);
        }
        boolean booked = known != null && known.state().isFinal();
        var left = payment.received().minus(payment.refunded());
        if (fact.result() == RefundResult.SUCCEEDED
                && !booked
                && notice.amount().compareTo(left) > 0) {
            all.add(new Comparison(Check.AMOUNT, "at most " + left, "refund of " + notice.amount()));
        }
    }

    /**
     * The provider has told that this money went, and now tells that it did not go. What is booked stays as it is, and a person
     * must clear it. That it was abnormal before may be told late, and one that was given up went back by another way, of which
     * the provider knows nothing.
     */
    private static boolean contradicts(Fact.Refunded fact, KnownRefund known) {
        return known.state() == KnownRefund.State.SUCCEEDED && !known.givenUp() && fact.result() == RefundResult.FAILED;
    }

    /**
     * A sum in which a refund of ours may be contained or not cannot be split: the message fits when ours has ended, and is
     * sent again. What waits for a second person was not sent, so it is not in the sum.
     */
    private static void nothingUnderWay(KnownPayment payment, List<Comparison> all) {
        payment.refunds().values().stream()
                .filter(refund -> !refund.state().isFinal() && !refund.unapproved())
                .map(KnownRefund::refundNo)
                .min(Comparator.naturalOrder())
                .ifPresent(number ->
                        all.add(new Comparison(Check.STATE, "no refund under way", "refund %s".formatted(number))));
    }

    private static void amount(Money actual, Money expected, List<Comparison> all) {
        currency(actual, expected, all);
        all.add(new Comparison(Check.AMOUNT, expected.plain(), actual.plain()));
    }

    private static void currency(Money actual, Money expected, List<Comparison> all) {
        all.add(new Comparison(
                Check.CURRENCY,
                expected.currency().getCurrencyCode(),
                actual.currency().getCurrencyCode()));
    }
}
