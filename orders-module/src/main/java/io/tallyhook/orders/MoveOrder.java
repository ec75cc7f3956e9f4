package io.tallyhook.orders;

import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.RequestId;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Takes an order one step on, in one conditional statement. */
@Component
class MoveOrder {

    private static final Map<OrderState, String> STEP = Map.of(
            OrderState.SHIPPED, "shipped",
            OrderState.COMPLETED, "completed",
            OrderState.CANCELLED, "cancelled");

    private final JdbcClient jdbc;
    private final Clock clock;

    MoveOrder(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** @throws Refusal (409) if the order's state does not allow it and this request is not the one that made the step */
    void move(RequestId id, Order order, OrderState target) {
        int moved = jdbc.sql("""
                        UPDATE orders.goods_order
                        SET state = :target, changed_at = :now, changed_by = :request, version = version + 1
                        WHERE order_no = :orderNo AND state = ANY (:origins)
                        """)
                .param("target", target.name())
                .param("now", Timestamp.from(clock.instant().truncatedTo(ChronoUnit.MICROS)))
                .param("request", id.value())
                .param("orderNo", order.orderNo())
                .param("origins", target.origins())
                .update();
        if (moved == 0) {
            requireMade(id, order.orderNo(), target);
        }
    }

    /** @throws Refusal (409) unless this very request has made the step before */
    void requireMade(RequestId id, String orderNo, OrderState target) {
        var now = jdbc.sql("SELECT state, changed_by FROM orders.goods_order WHERE order_no = :orderNo")
                .param("orderNo", orderNo)
                .query((row, number) -> new Standing(
                        OrderState.valueOf(row.getString("state")),
                        id.value().equals(row.getObject("changed_by", UUID.class))))
                .single();
        if (now.state() != target || !now.byThisRequest()) {
            throw refusal(orderNo, now.state(), target);
        }
    }

    private static Refusal refusal(String orderNo, OrderState state, OrderState target) {
        return Refusal.conflict(
                        "order-state", "Order %s is %s and cannot be %s.".formatted(orderNo, state, STEP.get(target)))
                .with("state", state);
    }

    private record Standing(OrderState state, boolean byThisRequest) {}
}
