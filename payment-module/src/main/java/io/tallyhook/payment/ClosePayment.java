package io.tallyhook.payment;

import io.tallyhook.payment.asking.AskProvider;
import io.tallyhook.payment.asking.PendingPayments;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Closes an unpaid payment at its provider first, so that it cannot be paid any more, and then here. */
@Component
class ClosePayment {

    private final PaymentRows rows;
    private final PendingPayments pending;
    private final Channels channels;
    private final AskProvider provider;

    ClosePayment(PaymentRows rows, PendingPayments pending, Channels channels, AskProvider provider) {
        this.rows = rows;
        this.pending = pending;
        this.channels = channels;
        this.provider = provider;
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
        if (channels.gateway(payment.provider(), payment.method()).isPresent()) {
            closeAtProvider(payment);
        }
        boolean closed = pending.close(payment.outTradeNo());
        var now = rows.find(payment.outTradeNo()).orElseThrow();
        if (!closed && now.state() != PaymentState.CLOSED) {
            throw paid(payment.outTradeNo());
        }
        return now;
    }

    private void closeAtProvider(Payment payment) {
        var answer = provider.close(payment.provider(), payment.account(), payment.outTradeNo());
        switch (answer.says()) {
            case CLOSED -> {}
            case PAID, REFUNDED -> throw paid(payment.outTradeNo());
            case OPEN, UNKNOWN, UNCLEAR -> throw unclear(payment, answer.detail());
        }
    }

    private static Refusal unclear(Payment payment, String why) {
        return Refusal.of(
                        HttpStatus.GATEWAY_TIMEOUT,
                        "provider-unclear",
                        "%s gave no clear answer (%s), so payment %s was left open. Try again in a moment."
                                .formatted(payment.provider(), why, payment.outTradeNo()))
                .with("outTradeNo", payment.outTradeNo());
    }

    private static Refusal paid(String outTradeNo) {
        return Refusal.conflict(
                        "payment-already-paid", "Payment %s is paid and cannot be closed.".formatted(outTradeNo))
                .with("outTradeNo", outTradeNo);
    }
}
