package io.tallyhook.payment.booking;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.PaymentState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a payment has come: where its money is, and whether for it something was handed out. Every booking is a step
 * from one progress to the next; whether the step may be taken is the payment's to say.
 *
 * @param received what was paid: the amount asked for, unless another was accepted
 */
public record Progress(
        PaymentState state,
        Money received,
        @Nullable String providerTransactionId,
        @Nullable Instant paidAt,
        Money refunded,
        FulfilmentState fulfilment,
        @Nullable ParkingReason reason) {

    /** Paid with what was asked for; too late, if it was given up before. */
    Progress paid(String transactionId, Instant at, Money amount) {
        return paid(transactionId, at, amount, late());
    }

    /** Paid with another amount. What shall not be handed out is parked for that, late or not. */
    Progress paid(String transactionId, Instant at, Accepted accepted) {
        return paid(transactionId, at, accepted.received(), accepted.handOut() ? late() : ParkingReason.OTHER_AMOUNT);
    }

    private @Nullable ParkingReason late() {
        return state == PaymentState.CLOSED ? ParkingReason.LATE : null;
    }

    private Progress paid(String transactionId, Instant at, Money paid, @Nullable ParkingReason parked) {
        var handOut = parked == null ? FulfilmentState.PENDING : FulfilmentState.PARKED;
        return new Progress(PaymentState.PAID, paid, transactionId, at, refunded, handOut, parked);
    }

    Progress closed() {
        return new Progress(PaymentState.CLOSED, received, null, null, refunded, fulfilment, reason);
    }

    /** Money was given back: what was not handed out yet is not handed out any more. */
    Progress refunded(Money amount) {
        var inAll = refunded.plus(amount);
        boolean whole = inAll.equals(received);
        boolean waiting = fulfilment == FulfilmentState.PENDING || fulfilment == FulfilmentState.FAILED;
        boolean parked = fulfilment == FulfilmentState.PARKED;
        return new Progress(
                whole ? PaymentState.REFUNDED : PaymentState.PARTIALLY_REFUNDED,
                received,
                providerTransactionId,
                paidAt,
                inAll,
                !waiting && !parked ? fulfilment : whole ? FulfilmentState.CANCELLED : FulfilmentState.PARKED,
                whole ? null : waiting ? ParkingReason.CANCELLED_BEFORE : reason);
    }
}
