package io.tallyhook.payment.board;

import io.tallyhook.payment.InterventionResult;
import io.tallyhook.payment.InterventionResult.Code;
import io.tallyhook.payment.Interventions;
import io.tallyhook.payment.Refund;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.booking.RefundsMoved;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Asks about a refund again: the provider while it is under way, then the module that has not taken back yet. */
@Component
class RetryRefund {

    private final Refunds refunds;
    private final RefundsMoved moved;
    private final Interventions interventions;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    RetryRefund(
            Refunds refunds,
            RefundsMoved moved,
            Interventions interventions,
            JdbcClient jdbc,
            PlatformTransactionManager transactions) {
        this.refunds = refunds;
        this.moved = moved;
        this.interventions = interventions;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    Refund retry(String outTradeNo, String refundNo, String actor) {
        if (refunds.get(outTradeNo, refundNo).isUnderWay()) {
            return refunds.tryAgain(outTradeNo, refundNo, actor);
        }
        transaction.executeWithoutResult(status -> {
            tellItsModule(outTradeNo, refundNo);
            interventions.record(
                    actor, "RETRY_REFUND", outTradeNo, InterventionResult.of(Code.REFUND_TOLD_AGAIN, refundNo));
        });
        moved.hint();
        return refunds.get(outTradeNo, refundNo);
    }

    private void tellItsModule(String outTradeNo, String refundNo) {
        int due = jdbc.sql("""
                        UPDATE payment.refund SET unwind_due_at = now()
                        WHERE out_trade_no = :outTradeNo AND refund_no = :refundNo AND unwind_due_at IS NOT NULL
                        """)
                .param("outTradeNo", outTradeNo)
                .param("refundNo", refundNo)
                .update();
        if (due == 0) {
            throw OpenLines.nothingToRepair(outTradeNo);
        }
    }
}
