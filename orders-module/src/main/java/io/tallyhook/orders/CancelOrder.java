package io.tallyhook.orders;

import io.tallyhook.payment.Payment;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.RequestId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Gives up an unpaid order. Its payments are closed outside of any transaction, for that calls providers; then, with
 * the order locked, it is made sure that none was opened meanwhile. Whoever opens a payment holds the order against
 * that lock, so there is no moment in between.
 */
@Component
class CancelOrder {

    /** How often it is tried against somebody who keeps opening payments; then that somebody wins. */
    private static final int ROUNDS = 3;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Payments payments;
    private final MoveOrder move;

    CancelOrder(JdbcClient jdbc, PlatformTransactionManager transactions, Payments payments, MoveOrder move) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.payments = payments;
        this.move = move;
    }

    void cancel(RequestId id, Order order) {
        if (order.state() != OrderState.AWAITING_PAYMENT) {
            move.requireMade(id, order.orderNo(), OrderState.CANCELLED);
            return;
        }
        for (int round = 0; round < ROUNDS; round++) {
            payments.closeAll(Orders.GOODS, order.orderNo());
            if (transaction.execute(status -> cancelled(id, order))) {
                return;
            }
        }
        throw Refusal.conflict(
                "payment-open",
                "Order %s cannot be cancelled: payments are being opened for it. Try again in a moment."
                        .formatted(order.orderNo()));
    }

    private boolean cancelled(RequestId id, Order order) {
        jdbc.sql("SELECT FROM orders.goods_order WHERE order_no = :orderNo FOR NO KEY UPDATE")
                .param("orderNo", order.orderNo())
                .query(row -> {});
        boolean unpaid = payments.of(Orders.GOODS, order.orderNo()).stream().allMatch(Payment::paysNothing);
        if (unpaid) {
            move.move(id, order, OrderState.CANCELLED);
        }
        return unpaid;
    }
}
