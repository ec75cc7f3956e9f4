package io.tallyhook.orders;

import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentRequest;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.RequestId;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Opens payments of orders. The amount is the order's own; the caller only says how to pay. */
@Component
class PayForOrder {

    private static final int DESCRIPTION_LENGTH = 127;

    private final JdbcClient jdbc;
    private final Payments payments;

    PayForOrder(JdbcClient jdbc, Payments payments) {
        this.jdbc = jdbc;
        this.payments = payments;
    }

    Payment open(RequestId id, Order order, PaymentRequest.Channel channel) {
        var request = new PaymentRequest(
                Orders.GOODS, order.orderNo(), order.userId(), order.amount(), description(order), channel);
        return payments.open(id, request, () -> requirePayable(order.orderNo()));
    }

    /** Holds the order until the payment's intent is booked, so that nobody cancels it in between. */
    private void requirePayable(String orderNo) {
        var state = jdbc.sql("SELECT state FROM orders.goods_order WHERE order_no = :orderNo FOR SHARE")
                .param("orderNo", orderNo)
                .query(OrderState.class)
                .single();
        if (state != OrderState.AWAITING_PAYMENT) {
            throw Refusal.conflict("order-not-payable", "Order %s is %s and cannot be paid.".formatted(orderNo, state))
                    .with("state", state);
        }
    }

    /** What the payer reads: the items, as many as fit. */
    static String description(Order order) {
        var all = order.items().stream()
                .map(item -> item.quantity() == 1 ? item.name() : item.name() + " × " + item.quantity())
                .collect(Collectors.joining(", "));
        if (all.codePointCount(0, all.length()) <= DESCRIPTION_LENGTH) {
            return all;
        }
        return all.substring(0, all.offsetByCodePoints(0, DESCRIPTION_LENGTH - 1)) + "…";
    }
}
