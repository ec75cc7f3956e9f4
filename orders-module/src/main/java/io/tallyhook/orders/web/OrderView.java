package io.tallyhook.orders.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tallyhook.orders.Order;
import io.tallyhook.orders.OrderItem;
import io.tallyhook.orders.OrderState;
import io.tallyhook.payment.Payment;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An order as the merchant API shows it.
 *
 * @param amount in minor units of the currency
 * @param payments the numbers of all attempts to pay it, oldest first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record OrderView(
        String orderNo,
        String userId,
        OrderState state,
        long amount,
        String currency,
        List<Line> items,
        List<String> payments,
        Instant createdAt,
        @Nullable Instant paidAt) {

    /** @param unitAmount in minor units of the order's currency */
    record Line(String sku, String name, int quantity, long unitAmount) {

        static Line of(OrderItem item) {
            return new Line(
                    item.sku(), item.name(), item.quantity(), item.unitAmount().minorUnits());
        }
    }

    static OrderView of(Order order, List<Payment> payments) {
        return new OrderView(
                order.orderNo(),
                order.userId().value(),
                order.state(),
                order.amount().minorUnits(),
                order.amount().currency().getCurrencyCode(),
                order.items().stream().map(Line::of).toList(),
                payments.stream().map(Payment::outTradeNo).toList(),
                order.createdAt(),
                order.paidAt());
    }
}
