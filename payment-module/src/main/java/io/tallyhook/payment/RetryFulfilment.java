package io.tallyhook.payment;

import io.tallyhook.payment.fulfilment.Sweep;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A person hands a payment to its module again. */
@Component
class RetryFulfilment {

    private final JdbcClient jdbc;
    private final Sweep sweep;
    private final TransactionTemplate transaction;

    RetryFulfilment(JdbcClient jdbc, Sweep sweep, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.sweep = sweep;
        this.transaction = new TransactionTemplate(transactions);
    }

    void retry(Payment payment, String actor) {
        transaction.executeWithoutResult(status -> {
            int due = jdbc.sql("""
                            UPDATE payment.payment
                            SET fulfilment = 'PENDING', fulfilment_reason = NULL, fulfilment_error = NULL, attempts = 0,
                                due_at = now(), version = version + 1
                            WHERE out_trade_no = :outTradeNo AND state = 'PAID'
                              AND (fulfilment IN ('PENDING', 'FAILED')
                                   OR fulfilment = 'PARKED'
                                      AND fulfilment_reason IN ('RETRIES_EXHAUSTED', 'NO_LISTENER'))
                            """).param("outTradeNo", payment.outTradeNo()).update();
            if (due == 0) {
                throw refusal(payment);
            }
            jdbc.sql("""
                            INSERT INTO payment.intervention (at, actor, action, out_trade_no, result)
                            VALUES (now(), :actor, 'RETRY_FULFILMENT', :outTradeNo, :before)
                            """)
                    .param("actor", actor)
                    .param("outTradeNo", payment.outTradeNo())
                    .param("before", "was " + payment.fulfilment())
                    .update();
        });
        sweep.handOut(payment.outTradeNo());
    }

    private static Refusal refusal(Payment payment) {
        if (payment.fulfilment() == FulfilmentState.PARKED) {
            return Refusal.conflict(
                    "decision-needed",
                    "Payment %s is parked because of %s: that needs a decision, a retry would not change it."
                            .formatted(payment.outTradeNo(), payment.fulfilmentReason()));
        }
        return Refusal.conflict(
                "nothing-due",
                "Nothing is due for payment %s: it is %s, its fulfilment %s."
                        .formatted(payment.outTradeNo(), payment.state(), payment.fulfilment()));
    }
}
