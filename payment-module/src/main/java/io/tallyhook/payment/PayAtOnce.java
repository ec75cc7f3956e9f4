package io.tallyhook.payment;

import io.tallyhook.payment.InstantMethod.InstantPayment;
import io.tallyhook.payment.InstantMethod.Taking;
import io.tallyhook.payment.booking.Booking;
import io.tallyhook.payment.booking.ConfirmPayments;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.provider.Claim;
import io.tallyhook.payment.provider.Fact;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Opens a payment of an {@link InstantMethod}: takes the money and books it as paid, both or neither. */
@Component
class PayAtOnce {

    /** Nobody outside says anything, so there is nobody to compare. */
    private static final Claim NOBODY = new Claim(Map.of());

    private final TransactionTemplate transaction;
    private final PaymentRows rows;
    private final PaymentWriter writer;
    private final ConfirmPayments confirmPayments;
    private final Clock clock;

    PayAtOnce(
            PlatformTransactionManager transactions,
            PaymentRows rows,
            PaymentWriter writer,
            ConfirmPayments confirmPayments,
            Clock clock) {
        this.transaction = new TransactionTemplate(transactions);
        this.rows = rows;
        this.writer = writer;
        this.confirmPayments = confirmPayments;
        this.clock = clock;
    }

    /** @param request its channel is the method's own */
    Payment pay(String outTradeNo, PaymentRequest request, InstantMethod method, Runnable stillPayable) {
        return rows.find(outTradeNo).orElseGet(() -> first(outTradeNo, request, method, stillPayable));
    }

    private Payment first(String outTradeNo, PaymentRequest request, InstantMethod method, Runnable stillPayable) {
        try {
            take(outTradeNo, request, method, stillPayable).ifPresent(declined -> {
                throw declined;
            });
        } catch (Refusal refusal) {
            // Not payable any more, because the same request has just paid it: that is no refusal.
            return rows.find(outTradeNo).orElseThrow(() -> refusal);
        }
        return rows.find(outTradeNo).orElseThrow();
    }

    private Optional<Refusal> take(
            String outTradeNo, PaymentRequest request, InstantMethod method, Runnable stillPayable) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return transaction.execute(status -> {
            stillPayable.run();
            return switch (method.take(payment(outTradeNo, request))) {
                case Taking.Declined(var refusal) -> Optional.of(refusal);
                case Taking.Taken taken -> {
                    var paid = paidBefore(outTradeNo, request);
                    if (paid.isPresent()) {
                        status.setRollbackOnly();
                        yield paid;
                    }
                    if (writer.insert(outTradeNo, request, now, null)) {
                        confirm(outTradeNo, request, taken);
                    } else {
                        // The same request was faster and has committed. Its payment must not be locked from here: its
                        // listener may hold it and wait for what was found payable.
                        status.setRollbackOnly();
                    }
                    yield Optional.empty();
                }
            };
        });
    }

    /**
     * Whether another payment has paid the same thing already, though its module does not know yet. Asked after the taking,
     * which makes two payments of one payer wait for each other: two presses of a button must not pay twice.
     */
    private Optional<Refusal> paidBefore(String outTradeNo, PaymentRequest request) {
        return rows.of(request.purpose().code(), request.reference()).stream()
                .filter(payment -> pays(payment) && !payment.outTradeNo().equals(outTradeNo))
                .findFirst()
                .map(payment -> Refusal.conflict(
                                "already-paid",
                                "%s is paid already by payment %s. Nothing was taken."
                                        .formatted(request.reference(), payment.outTradeNo()))
                        .with("outTradeNo", payment.outTradeNo()));
    }

    /** What was given back before it was handed out, or is only there to be, pays for nothing. */
    private static boolean pays(Payment payment) {
        return payment.state().wasPaid()
                && payment.fulfilment() != FulfilmentState.CANCELLED
                && payment.fulfilmentReason() != ParkingReason.OTHER_AMOUNT;
    }

    private static InstantPayment payment(String outTradeNo, PaymentRequest request) {
        return new InstantPayment(
                outTradeNo, request.purpose().code(), request.reference(), request.userId(), request.amount());
    }

    private void confirm(String outTradeNo, PaymentRequest request, Taking.Taken taken) {
        var paidAt = taken.paidAt().truncatedTo(ChronoUnit.MICROS);
        var fact = new Fact.Paid(outTradeNo, NOBODY, taken.transactionId(), request.amount(), paidAt);
        var channel = request.channel();
        var booking = new Booking(channel.provider(), channel.knownAccount(), NOBODY, fact);
        var outcome = confirmPayments
                .book(List.of(booking), decisions -> {})
                .getFirst()
                .outcome();
        if (outcome != Outcome.CONFIRMED) {
            throw new IllegalStateException("Payment %s was taken but is %s".formatted(outTradeNo, outcome));
        }
    }
}
