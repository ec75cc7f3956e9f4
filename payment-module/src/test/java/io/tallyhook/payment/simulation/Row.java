package io.tallyhook.payment.simulation;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.UserId;
import io.tallyhook.payment.booking.KnownPayment;
import io.tallyhook.payment.booking.Progress;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A payment as it stands in a store.
 *
 * @param handedOut how often goods were handed out for it
 */
record Row(KnownPayment payment, int attempts, @Nullable Instant dueAt, int handedOut) {

    boolean mayBeHandedOut() {
        return payment.state() == PaymentState.PAID && waits();
    }

    boolean waits() {
        return payment.fulfilment() == FulfilmentState.PENDING || payment.fulfilment() == FulfilmentState.FAILED;
    }

    Row with(KnownPayment changed, int attempts, @Nullable Instant dueAt) {
        return new Row(changed, attempts, dueAt, handedOut);
    }

    Row handedOutOnceMore() {
        return new Row(payment, attempts, dueAt, handedOut + 1);
    }

    Row now(FulfilmentState fulfilment, @Nullable ParkingReason reason, int attempts, @Nullable Instant dueAt) {
        return with(changed(payment, payment.state(), fulfilment, reason), attempts, dueAt);
    }

    /** All of it is in its payer's wallet, as this. */
    Row credited(String reference) {
        var settled = now(FulfilmentState.SUCCEEDED, null, attempts, null).payment();
        return with(
                new KnownPayment(
                        settled.outTradeNo(),
                        settled.purpose(),
                        settled.reference(),
                        settled.userId(),
                        settled.provider(),
                        settled.account(),
                        settled.amount(),
                        settled.version(),
                        settled.progress(),
                        settled.refunds(),
                        reference),
                attempts,
                null);
    }

    /** A payment that nobody has paid yet. */
    static KnownPayment opened(
            String number, String purpose, String reference, String provider, String account, Money amount) {
        return new KnownPayment(
                number,
                purpose,
                reference,
                new UserId("user"),
                provider,
                account,
                amount,
                0,
                new Progress(PaymentState.PENDING, amount, null, null, Money.fen(0), FulfilmentState.NONE, null),
                Map.of(),
                null);
    }

    /** The next version of a payment. */
    static KnownPayment changed(
            KnownPayment payment, PaymentState state, FulfilmentState fulfilment, @Nullable ParkingReason reason) {
        return new KnownPayment(
                payment.outTradeNo(),
                payment.purpose(),
                payment.reference(),
                payment.userId(),
                payment.provider(),
                payment.account(),
                payment.amount(),
                payment.version() + 1,
                new Progress(
                        state,
                        payment.received(),
                        payment.providerTransactionId(),
                        payment.paidAt(),
                        payment.refunded(),
                        fulfilment,
                        reason),
                payment.refunds(),
                payment.creditedAs());
    }
}
