package io.tallyhook.payment;

import io.tallyhook.payment.booking.Intake;
import io.tallyhook.payment.booking.IntakeUnavailable;
import io.tallyhook.payment.provider.PaymentGateway;
import io.tallyhook.payment.provider.PaymentGateway.Closing;
import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Closes an unpaid payment at its provider first, so that it cannot be paid any more, and then here. */
@Component
class ClosePayment {

    private static final Logger log = LoggerFactory.getLogger(ClosePayment.class);

    private final PaymentRows rows;
    private final PaymentWriter writer;
    private final Channels channels;
    private final Intake intake;

    ClosePayment(PaymentRows rows, PaymentWriter writer, Channels channels, Intake intake) {
        this.rows = rows;
        this.writer = writer;
        this.channels = channels;
        this.intake = intake;
    }

    Payment close(Payment payment) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("A payment must not be closed in a transaction: it calls the provider");
        }
        if (payment.state() == PaymentState.CLOSED) {
            return payment;
        }
        if (payment.state().wasPaid()) {
            throw paid(payment.outTradeNo());
        }
        channels.gateway(payment.provider(), payment.method()).ifPresent(gateway -> closeAt(gateway, payment));
        boolean closed = writer.close(payment.outTradeNo());
        var now = rows.find(payment.outTradeNo()).orElseThrow();
        if (!closed && now.state() != PaymentState.CLOSED) {
            throw paid(payment.outTradeNo());
        }
        return now;
    }

    private void closeAt(PaymentGateway gateway, Payment payment) {
        try {
            if (gateway.close(payment.account(), payment.outTradeNo()) == Closing.ALREADY_PAID) {
                bookWhatIsPaid(gateway, payment);
                throw paid(payment.outTradeNo());
            }
        } catch (ProviderUnclear e) {
            throw Refusal.of(
                            HttpStatus.GATEWAY_TIMEOUT,
                            "provider-unclear",
                            "%s gave no clear answer (%s), so payment %s was left open. Try again in a moment."
                                    .formatted(payment.provider(), e.getMessage(), payment.outTradeNo()))
                    .with("outTradeNo", payment.outTradeNo());
        }
    }

    /** If it cannot be booked now, the callback or the next question will: that it is paid stands all the same. */
    private void bookWhatIsPaid(PaymentGateway gateway, Payment payment) {
        try {
            gateway.query(payment.account(), payment.outTradeNo())
                    .ifPresent(fact -> intake.bookAnswer(payment.provider(), payment.account(), fact));
        } catch (IntakeUnavailable e) {
            log.warn(
                    "Payment {} is paid at {} but could not be booked now",
                    payment.outTradeNo(),
                    payment.provider(),
                    e);
        }
    }

    private static Refusal paid(String outTradeNo) {
        return Refusal.conflict(
                        "payment-already-paid", "Payment %s is paid and cannot be closed.".formatted(outTradeNo))
                .with("outTradeNo", outTradeNo);
    }
}
