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
 * A payment as a decision sees it: what is compared and what may change.
 *
 * @param amount what was asked for
 * @param received what was paid: the amount, unless another was accepted
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
        Money received,
        PaymentState state,
        int version,
        @Nullable String providerTransactionId,
        @Nullable Instant paidAt,
        Money refunded,
        FulfilmentState fulfilment,
        @Nullable ParkingReason reason,
        Map<String, KnownRefund> refunds,
        @Nullable String creditedAs) {

    /** One of which what was asked for is what is received, and that was not credited to a wallet. */
    public KnownPayment(
            String outTradeNo,
            String purpose,
            String reference,
            UserId userId,
            String provider,
            String account,
            Money amount,
            PaymentState state,
            int version,
            @Nullable String providerTransactionId,
            @Nullable Instant paidAt,
            Money refunded,
            FulfilmentState fulfilment,
            @Nullable ParkingReason reason,
            Map<String, KnownRefund> refunds) {
        this(
                outTradeNo,
                purpose,
                reference,
                userId,
                provider,
                account,
                amount,
                amount,
                state,
                version,
                providerTransactionId,
                paidAt,
                refunded,
                fulfilment,
                reason,
                refunds,
                null);
    }

    /**
     * A refund as a decision sees it.
     *
     * @param unapproved whether it needs a second person who has not approved it: nobody can have sent it
     */
    public record KnownRefund(String refundNo, Money amount, State state, boolean unapproved) {

        KnownRefund(String refundNo, Money amount, State state) {
            this(refundNo, amount, state, false);
        }

        /** Where a refund stands. */
        public enum State {
            REQUESTED,
            PROCESSING,
            SUCCEEDED,
            FAILED;

            public boolean isFinal() {
                return this == SUCCEEDED || this == FAILED;
            }
        }
    }

    /** What could still be given back: refunds under way count as given. */
    public Money refundable() {
        return refunds.values().stream()
                .filter(refund -> refund.state() != KnownRefund.State.FAILED)
                .map(KnownRefund::amount)
                .reduce(received, Money::minus);
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
        return paid(transactionId, at, amount, state == PaymentState.CLOSED ? ParkingReason.LATE : null);
    }

    /** Paid with another amount. What shall not be handed out is parked for that, late or not. */
    KnownPayment paid(String transactionId, Instant at, Accepted accepted) {
        var late = state == PaymentState.CLOSED ? ParkingReason.LATE : null;
        return paid(transactionId, at, accepted.received(), accepted.handOut() ? late : ParkingReason.OTHER_AMOUNT);
    }

    private KnownPayment paid(String transactionId, Instant at, Money paid, @Nullable ParkingReason parked) {
        return changed(
                PaymentState.PAID,
                paid,
                transactionId,
                at,
                refunded,
                parked == null ? FulfilmentState.PENDING : FulfilmentState.PARKED,
                parked,
                refunds);
    }

    KnownPayment closed() {
        return changed(PaymentState.CLOSED, received, null, null, refunded, fulfilment, reason, refunds);
    }

    /** Money was given back: what was not handed out yet is not handed out any more. */
    KnownPayment refunded(KnownRefund refund) {
        var inAll = refunded.plus(refund.amount());
        boolean whole = inAll.equals(received);
        boolean waiting = fulfilment == FulfilmentState.PENDING || fulfilment == FulfilmentState.FAILED;
        boolean parked = fulfilment == FulfilmentState.PARKED;
        return changed(
                whole ? PaymentState.REFUNDED : PaymentState.PARTIALLY_REFUNDED,
                received,
                providerTransactionId,
                paidAt,
                inAll,
                !waiting && !parked ? fulfilment : whole ? FulfilmentState.CANCELLED : FulfilmentState.PARKED,
                whole ? null : waiting ? ParkingReason.CANCELLED_BEFORE : reason,
                with(refund));
    }

    /** A refund has moved without money having been given back. */
    KnownPayment refundMoved(KnownRefund refund) {
        return changed(state, received, providerTransactionId, paidAt, refunded, fulfilment, reason, with(refund));
    }

    private Map<String, KnownRefund> with(KnownRefund refund) {
        var all = new HashMap<>(refunds);
        all.put(refund.refundNo(), refund);
        return Map.copyOf(all);
    }

    private KnownPayment changed(
            PaymentState newState,
            Money newReceived,
            @Nullable String newTransactionId,
            @Nullable Instant newPaidAt,
            Money newRefunded,
            FulfilmentState newFulfilment,
            @Nullable ParkingReason newReason,
            Map<String, KnownRefund> newRefunds) {
        if (newState != state && !state.mayBecome(newState)) {
            throw new IllegalStateException(
                    "Payment %s is %s and cannot become %s".formatted(outTradeNo, state, newState));
        }
        return new KnownPayment(
                outTradeNo,
                purpose,
                reference,
                userId,
                provider,
                account,
                amount,
                newReceived,
                newState,
                version + 1,
                newTransactionId,
                newPaidAt,
                newRefunded,
                newFulfilment,
                newReason,
                newRefunds,
                creditedAs);
    }
}
