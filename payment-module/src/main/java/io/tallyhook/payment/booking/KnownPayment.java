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
 * @param version rises with every change; the booking fails if it is not the one decided on
 * @param refunds the refunds that are known, by number
 */
public record KnownPayment(
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

    /**
     * A refund as a decision sees it.
     *
     * @param unapproved whether it needs a second person who has not approved it: nobody can have sent it
     * @param givenUp whether two persons have said how it ended, because the provider did not
     */
    public record KnownRefund(String refundNo, Money amount, State state, boolean unapproved, boolean givenUp) {

        /** One that was not given up. */
        public KnownRefund(String refundNo, Money amount, State state, boolean unapproved) {
            this(refundNo, amount, state, unapproved, false);
        }

        KnownRefund(String refundNo, Money amount, State state) {
            this(refundNo, amount, state, false);
        }

        /** Whether the money went back in a way that the provider knows nothing of. */
        boolean paidOutElsewhere() {
            return givenUp && state == State.SUCCEEDED;
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
                .reduce(amount, Money::minus);
    }

    KnownPayment paid(String transactionId, Instant at) {
        boolean late = state == PaymentState.CLOSED;
        return changed(
                PaymentState.PAID,
                transactionId,
                at,
                refunded,
                late ? FulfilmentState.PARKED : FulfilmentState.PENDING,
                late ? ParkingReason.LATE : null,
                refunds);
    }

    KnownPayment closed() {
        return changed(PaymentState.CLOSED, null, null, refunded, fulfilment, reason, refunds);
    }

    /** Money was given back: what was not handed out yet is not handed out any more. */
    KnownPayment refunded(KnownRefund refund) {
        var inAll = refunded.plus(refund.amount());
        boolean whole = inAll.equals(amount);
        boolean waiting = fulfilment == FulfilmentState.PENDING || fulfilment == FulfilmentState.FAILED;
        boolean parked = fulfilment == FulfilmentState.PARKED;
        return changed(
                whole ? PaymentState.REFUNDED : PaymentState.PARTIALLY_REFUNDED,
                providerTransactionId,
                paidAt,
                inAll,
                !waiting && !parked ? fulfilment : whole ? FulfilmentState.CANCELLED : FulfilmentState.PARKED,
                whole ? null : waiting ? ParkingReason.CANCELLED_BEFORE : reason,
                with(refund));
    }

    /** A refund has moved without money having been given back. */
    KnownPayment refundMoved(KnownRefund refund) {
        return changed(state, providerTransactionId, paidAt, refunded, fulfilment, reason, with(refund));
    }

    private Map<String, KnownRefund> with(KnownRefund refund) {
        var all = new HashMap<>(refunds);
        all.put(refund.refundNo(), refund);
        return Map.copyOf(all);
    }

    private KnownPayment changed(
            PaymentState newState,
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
                newState,
                version + 1,
                newTransactionId,
                newPaidAt,
                newRefunded,
                newFulfilment,
                newReason,
                newRefunds);
    }
}
