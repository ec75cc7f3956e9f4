package io.tallyhook.payment.booking;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.UserId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A payment as a decision sees it: what is compared, and how far it has come.
 *
 * @param amount what was asked for
 * @param version rises with every change; the booking fails if it is not the one decided on
 * @param refunds the refunds that are known, by number
 * @param creditedAs what it has become in the payer's wallet, if it was credited there, in the wallet's own numbering
 */
public record KnownPayment(
        String outTradeNo,
        String purpose,
        String reference,
        UserId userId,
        String provider,
        String account,
        Money amount,
        int version,
        Progress progress,
        Map<String, KnownRefund> refunds,
        @Nullable String creditedAs) {

    public PaymentState state() {
        return progress.state();
    }

    /** What was paid: the amount, unless another was accepted. */
    public Money received() {
        return progress.received();
    }

    public @Nullable String providerTransactionId() {
        return progress.providerTransactionId();
    }

    public @Nullable Instant paidAt() {
        return progress.paidAt();
    }

    public Money refunded() {
        return progress.refunded();
    }

    public FulfilmentState fulfilment() {
        return progress.fulfilment();
    }

    public @Nullable ParkingReason reason() {
        return progress.reason();
    }

    /** What could still be given back: refunds under way count as given. */
    public Money refundable() {
        return refunds.values().stream()
                .filter(refund -> refund.state() != KnownRefund.State.FAILED)
                .map(KnownRefund::amount)
                .reduce(received(), Money::minus);
    }

    /** Whether no money of it has gone back or is about to. */
    public boolean nothingGoesBack() {
        return refunds.values().stream().allMatch(refund -> refund.state() == KnownRefund.State.FAILED);
    }

    /** What was handed out for it, in the numbering of the module that has done so. */
    public String handedOutAs() {
        return creditedAs == null ? reference : creditedAs;
    }

    KnownPayment paid(String transactionId, Instant at) {
        return next(progress.paid(transactionId, at, amount), refunds);
    }

    /** Paid with another amount. */
    KnownPayment paid(String transactionId, Instant at, Accepted accepted) {
        return next(progress.paid(transactionId, at, accepted), refunds);
    }

    KnownPayment closed() {
        return next(progress.closed(), refunds);
    }

    /** Money was given back: what was not handed out yet is not handed out any more. */
    KnownPayment refunded(KnownRefund refund) {
        return next(progress.refunded(refund.amount()), with(refund));
    }

    /** A refund has moved without money having been given back. */
    KnownPayment refundMoved(KnownRefund refund) {
        return next(progress, with(refund));
    }

    /** The same payment, with what is known of its refunds. */
    public KnownPayment with(Map<String, KnownRefund> known) {
        return of(version, progress, known);
    }

    private Map<String, KnownRefund> with(KnownRefund refund) {
        var all = new HashMap<>(refunds);
        all.put(refund.refundNo(), refund);
        return all;
    }

    private KnownPayment next(Progress step, Map<String, KnownRefund> known) {
        if (step.state() != state() && !state().mayBecome(step.state())) {
            throw new IllegalStateException(
                    "Payment %s is %s and cannot become %s".formatted(outTradeNo, state(), step.state()));
        }
        return of(version + 1, step, known);
    }

    private KnownPayment of(int newVersion, Progress newProgress, Map<String, KnownRefund> known) {
        return new KnownPayment(
                outTradeNo,
                purpose,
                reference,
                userId,
                provider,
                account,
                amount,
                newVersion,
                newProgress,
                Map.copyOf(known),
                creditedAs);
    }
}
