package io.tallyhook.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.RuntimeRole;

/** The second net: what the database itself refuses. */
@OrdersModuleTest
class OrdersDatabaseIntegrationTests {

    private final Shop shop;
    private final Orders orders;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final TakeBackOrders takeBack;

    OrdersDatabaseIntegrationTests(
            Shop shop,
            Orders orders,
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            TakeBackOrders takeBack) {
        this.takeBack = takeBack;
        this.shop = shop;
        this.orders = orders;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    @ParameterizedTest
    @EnumSource
    void refusesEveryTransitionThatTheCodeRefuses(OrderState from) {
        for (var to : OrderState.values()) {
            var order = in(from);
            if (to == from || from.mayBecome(to)) {
                force(order, to);
                assertThat(orders.get(order.orderNo()).state()).isEqualTo(to);
            } else {
                assertThatThrownBy(() -> force(order, to))
                        .as("%s to %s", from, to)
                        .isInstanceOf(DataIntegrityViolationException.class)
                        .hasMessageContaining("cannot go from %s to %s", from, to);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "amount = amount + 1",
                "user_id = 'somebody-else'",
                "created_at = now() - interval '1 day'",
                "paid_by = 'P00000'",
                "paid_by = NULL, paid_at = NULL",
                "paid_at = now() - interval '1 day'",
            })
    void refusesToRewriteWhatWasOrderedAndWhoPaid(String change) {
        var order = shop.paid(shop.anOrder());

        assertThatThrownBy(() -> jdbc.sql("UPDATE orders.goods_order SET " + change + " WHERE order_no = :orderNo")
                        .param("orderNo", order.orderNo())
                        .update())
                .isInstanceOf(DataIntegrityViolationException.class);
        assertThat(orders.get(order.orderNo())).isEqualTo(order);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE orders.item SET quantity = 3 WHERE order_no = :orderNo",
                "DELETE FROM orders.item WHERE order_no = :orderNo",
                "INSERT INTO orders.item VALUES (:orderNo, 5, 'S', 'smuggled', 1, 1)",
                "DELETE FROM orders.goods_order WHERE order_no = :orderNo",
            })
    void refusesToChangeTheItemsOfAnOrder(String sql) {
        var order = shop.anOrder();

        assertThatThrownBy(() -> jdbc.sql(sql).param("orderNo", order.orderNo()).update())
                .isInstanceOf(DataIntegrityViolationException.class);
        assertThat(orders.get(order.orderNo())).isEqualTo(order);
    }

    @Test
    void refusesAnOrderThatDoesNotCostWhatItsItemsCost() {
        assertThatThrownBy(() ->
                        transaction.executeWithoutResult(status -> jdbc.sql("""
                                INSERT INTO orders.goods_order
                                  (order_no, user_id, shard, amount, currency, created_at, changed_at)
                                VALUES ('O00000000000000000000000000', 'u', 1, 100, 'CNY', now(), now())
                                """).update()))
                .hasMessageContaining("does not cost what its items cost");
    }

    @Test
    void refusesAnOrderThatIsBornPaid() {
        assertThatThrownBy(() -> jdbc.sql("""
                                INSERT INTO orders.goods_order
                                  (order_no, user_id, shard, amount, currency, created_at, changed_at, state,
                                   paid_by, paid_at)
                                VALUES ('O00000000000000000000000001', 'u', 1, 100, 'CNY', now(), now(), 'PAID',
                                   'P00000', now())
                                """).update()).hasMessageContaining("must begin as AWAITING_PAYMENT");
    }

    @Test
    void refusesThatOnePaymentPaysTwoOrders() {
        var paid = shop.paid(shop.anOrder());
        var other = shop.anOrder();

        assertThatThrownBy(() -> jdbc.sql("""
                                UPDATE orders.goods_order SET state = 'PAID', paid_by = :paidBy, paid_at = now()
                                WHERE order_no = :orderNo
                                """)
                        .param("paidBy", paid.paidBy())
                        .param("orderNo", other.orderNo())
                        .update())
                .isInstanceOf(DataIntegrityViolationException.class);
    }

    @Test
    void theRuntimeRoleMayDoWhatTheApplicationDoes() {
        RuntimeRole.of("orders").does(transaction, jdbc, () -> {
            var order = shop.anOrder();
            jdbc.sql("SELECT 1 FROM orders.goods_order WHERE order_no = :orderNo FOR SHARE")
                    .param("orderNo", order.orderNo())
                    .query(row -> {});
            jdbc.sql("SELECT 1 FROM orders.goods_order WHERE order_no = :orderNo FOR NO KEY UPDATE")
                    .param("orderNo", order.orderNo())
                    .query(row -> {});
            force(order, OrderState.PAID);
            orders.ship(shop.request(), order.orderNo());
            var refund = Shop.refund(orders.get(order.orderNo()), "R1", 0, 4498);
            takeBack.take(refund);
            takeBack.giveBack(refund, Instant.EPOCH);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM orders.item",
                "DELETE FROM orders.goods_order",
                "UPDATE orders.goods_order SET amount = 1",
                "UPDATE orders.item SET quantity = 1",
                "DELETE FROM orders.refund",
                "UPDATE orders.refund SET amount = 1",
                "TRUNCATE orders.goods_order, orders.item",
                "ALTER TABLE orders.goods_order DISABLE TRIGGER ALL",
            })
    void theRuntimeRoleMayDoNoMore(String sql) {
        assertThatThrownBy(() -> RuntimeRole.of("orders")
                        .does(transaction, jdbc, () -> jdbc.sql(sql).update()))
                .rootCause()
                .hasMessageMatching("ERROR: (permission denied|must be owner).*");
    }

    private Order in(OrderState state) {
        var order = shop.anOrder();
        switch (state) {
            case AWAITING_PAYMENT -> {}
            case CANCELLED, PAID -> force(order, state);
            case SHIPPED, REFUNDED -> {
                force(order, OrderState.PAID);
                force(order, state);
            }
            case COMPLETED -> {
                force(order, OrderState.PAID);
                force(order, OrderState.SHIPPED);
                force(order, OrderState.COMPLETED);
            }
        }
        return order;
    }

    private void force(Order order, OrderState state) {
        var also = switch (state) {
            case PAID -> ", paid_by = 'P-' || right(order_no, 20), paid_at = created_at";
            case REFUNDED -> ", refunded_from = coalesce(refunded_from, nullif(state, 'AWAITING_PAYMENT'))";
            case AWAITING_PAYMENT, SHIPPED, COMPLETED, CANCELLED -> "";
        };
        if (state == OrderState.REFUNDED) {
            refund(order);
        }
        jdbc.sql("UPDATE orders.goods_order SET state = :state" + also + " WHERE order_no = :orderNo")
                .param("state", state.name())
                .param("orderNo", order.orderNo())
                .update();
    }

    /** Without one, no order can be refunded. */
    private void refund(Order order) {
        jdbc.sql("""
                        INSERT INTO orders.refund (out_trade_no, refund_no, way, order_no, amount, taken_at)
                        SELECT paid_by, 'R1', 'ASKED', order_no, amount, now() FROM orders.goods_order
                        WHERE order_no = :orderNo AND paid_by IS NOT NULL
                        ON CONFLICT DO NOTHING
                        """).param("orderNo", order.orderNo()).update();
    }
}
