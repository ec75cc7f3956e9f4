package io.tallyhook.payment;

import io.tallyhook.payment.booking.Intake;
import io.tallyhook.payment.provider.PaymentGateway;
import io.tallyhook.payment.provider.PaymentGateway.Closing;
import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Closes an unpaid payment at its provider first, so that it cannot be paid any more, and then here. */
@Component
class ClosePayment {

    private final JdbcClient jdbc;
    private final PaymentRows rows;
    private final Channels channels;
    private final Intake intake;

    ClosePayment(JdbcClient jdbc, PaymentRows rows, Channels channels, Intake intake) {
        this.jdbc = jdbc;
        this.rows = rows;
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
        int closed = jdbc.sql("""
                        UPDATE payment.payment
                        SET state = 'CLOSED', closed_at = now(), version = version + 1
                        WHERE out_trade_no = :outTradeNo AND state = 'PENDING'
                        """).param("outTradeNo", payment.outTradeNo()).update();
        var now = rows.find(payment.outTradeNo()).orElseThrow();
        if (closed == 0 && now.state() != PaymentState.CLOSED) {
            throw paid(payment.outTradeNo());
        }
        return now;
    }

    private void closeAt(PaymentGateway gateway, Payment payment) {
        try {
            if (gateway.close(payment.account(), payment.outTradeNo()) == Closing.ALREADY_PAID) {
                gateway.query(payment.account(), payment.outTradeNo())
                        .ifPresent(fact -> intake.bookAnswer(payment.provider(), payment.account(), fact));
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

    private static Refusal paid(String outTradeNo) {
        return Refusal.conflict(
                        "payment-already-paid", "Payment %s is paid and cannot be closed.".formatted(outTradeNo))
                .with("outTradeNo", outTradeNo);
    }
}
