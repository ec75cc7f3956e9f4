package io.tallyhook.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.payment.Entitlement.Line;
import io.tallyhook.payment.Entitlement.Preview;
import io.tallyhook.payment.Entitlement.TakeBack;
import io.tallyhook.payment.Entitlement.Taking;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Refusal;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What a refund does to the order that it is for. An order of these tests costs 44.98. */
@OrdersModuleTest
class RefundedOrdersIntegrationTests {

    private static final long ALL = 4498;
    private static final Instant LATER = Instant.parse("2026-12-01T00:00:00Z");

    private final Shop shop;
    private final Orders orders;
    private final TakeBackOrders takeBack;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    RefundedOrdersIntegrationTests(
            Shop shop,
            Orders orders,
            TakeBackOrders takeBack,
            JdbcClient jdbc,
            PlatformTransactionManager transactions) {
        this.shop = shop;
        this.orders = orders;
        this.takeBack = takeBack;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    @ParameterizedTest
    @EnumSource(names = {"PAID", "SHIPPED", "COMPLETED"})
    void aFullRefundEndsTheOrderAndIfItFailsTheOrderIsWhatItWas(OrderState before) {
        var order = in(before);
        var refund = Shop.refund(order, "R1", 0, ALL);

        assertThat(take(refund)).isEqualTo(new Taking.Taken());
        assertThat(stateOf(order)).isEqualTo(OrderState.REFUNDED);

        giveBack(refund);
        assertThat(stateOf(order)).isEqualTo(before);
        assertThat(orders.get(order.orderNo()).paidBy()).isEqualTo(order.paidBy());
    }

    @Test
    void aPartOfTheMoneyLeavesTheOrderAndTheLastPartEndsIt() {
        var order = in(OrderState.SHIPPED);

        take(Shop.refund(order, "R1", 0, 4000));
        assertThat(orders.get(order.orderNo())).isEqualTo(order);
        take(Shop.refund(order, "R2", 4000, 498));
        assertThat(stateOf(order)).isEqualTo(OrderState.REFUNDED);
    }

    @Test
    void ifAnEarlierPartFailsTheOrderGoesOnAndCanBeEndedAgain() {
        var order = in(OrderState.SHIPPED);
        var first = Shop.refund(order, "R1", 0, 4000);
        var last = Shop.refund(order, "R2", 4000, 498);
        take(first);
        take(last);

        giveBack(first);
        assertThat(stateOf(order)).isEqualTo(OrderState.SHIPPED);

        take(Shop.refund(order, "R3", 498, 4000));
        assertThat(stateOf(order)).isEqualTo(OrderState.REFUNDED);
        giveBack(last);
        assertThat(stateOf(order)).isEqualTo(OrderState.SHIPPED);
    }

    @Test
    void whatIsRefundedIsNotShippedAndCanBeOnceTheRefundHasFailed() {
        var order = in(OrderState.PAID);
        var refund = Shop.refund(order, "R1", 0, ALL);
        take(refund);

        assertThatThrownBy(() -> orders.ship(shop.request(), order.orderNo()))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.type()).isEqualTo("order-state"));
        assertThat(stateOf(order)).isEqualTo(OrderState.REFUNDED);

        giveBack(refund);
        assertThat(orders.ship(shop.request(), order.orderNo()).state()).isEqualTo(OrderState.SHIPPED);
    }

    @Test
    void whoShippedBeforeIsToldSoAgainAfterAFailedRefund() {
        var order = in(OrderState.PAID);
        var request = shop.request();
        orders.ship(request, order.orderNo());
        var refund = Shop.refund(order, "R1", 0, ALL);
        take(refund);
        giveBack(refund);

        assertThat(orders.ship(request, order.orderNo()).state()).isEqualTo(OrderState.SHIPPED);
    }

    @Test
    void repeatsChangeNothing() {
        var order = in(OrderState.SHIPPED);
        var refund = Shop.refund(order, "R1", 0, ALL);
        take(refund);
        var refunded = orders.get(order.orderNo());
        take(refund);
        transaction.executeWithoutResult(status -> takeBack.settle(refund, LATER));
        assertThat(told(refund)).isEqualTo(Money.fen(0));
        assertThat(orders.get(order.orderNo())).isEqualTo(refunded);

        giveBack(refund);
        var again = orders.get(order.orderNo());
        giveBack(refund);
        assertThat(take(refund)).isEqualTo(new Taking.Taken());
        assertThat(orders.get(order.orderNo())).isEqualTo(again);
    }

    @Test
    void whatWasNeverTakenIsNotGivenBack() {
        var order = in(OrderState.PAID);
        take(Shop.refund(order, "R1", 0, ALL));

        giveBack(Shop.refund(order, "R2", 0, ALL));

        assertThat(stateOf(order)).isEqualTo(OrderState.REFUNDED);
    }

    @Test
    void theRefundOfASecondPaymentTakesNothing() {
        var order = in(OrderState.PAID);
        var surplus = Shop.refund(order, "P-another", "R1", 0, ALL);

        assertThat(takeBack.preview(surplus))
                .isEqualTo(new Preview(true, List.of(Line.of("refund.preview.order-not-its-own", order.orderNo()))));
        assertThat(take(surplus)).isEqualTo(new Taking.Taken());
        giveBack(surplus);
        assertThat(told(surplus)).isEqualTo(Money.fen(0));
        assertThat(orders.get(order.orderNo())).isEqualTo(order);
    }

    @Test
    void aRefundThatWeHearOfAfterwardsEndsTheOrderToo() {
        var order = in(OrderState.COMPLETED);

        assertThat(told(Shop.refund(order, "console-1", 0, 498))).isEqualTo(Money.fen(0));
        assertThat(stateOf(order)).isEqualTo(OrderState.COMPLETED);
        assertThat(told(Shop.refund(order, "console-2", 498, 4000))).isEqualTo(Money.fen(0));
        assertThat(stateOf(order)).isEqualTo(OrderState.REFUNDED);
    }

    @Test
    void ofTwoRefundsThatWeHearOfTogetherEachMayBeToldAsTheLast() {
        var order = in(OrderState.SHIPPED);

        told(Shop.refund(order, "console-1", 498, 4000));
        told(Shop.refund(order, "console-2", 4000, 498));

        assertThat(stateOf(order)).isEqualTo(OrderState.REFUNDED);
    }

    @Test
    void whenAllOfTheMoneyIsGoneElsewhereAFailedRefundDoesNotReviveTheOrder() {
        var order = in(OrderState.SHIPPED);
        var ours = Shop.refund(order, "R1", 0, 4000);
        take(ours);
        told(Shop.refund(order, "console-1", 0, ALL));

        giveBack(ours);

        assertThat(stateOf(order)).isEqualTo(OrderState.REFUNDED);
    }

    @Test
    void aRefundThatFailedAndWasPaidOutAllTheSameEndsTheOrderAgain() {
        var order = in(OrderState.PAID);
        var refund = Shop.refund(order, "R1", 0, ALL);
        take(refund);
        giveBack(refund);

        told(refund);
        assertThat(stateOf(order)).isEqualTo(OrderState.REFUNDED);
        giveBack(refund);
        assertThat(stateOf(order)).isEqualTo(OrderState.REFUNDED);
    }

    @Test
    void thePreviewSaysWhatHappensAndThatGoodsHaveLeftAndChangesNothing() {
        var order = in(OrderState.PAID);
        assertThat(takeBack.preview(Shop.refund(order, "R1", 0, 1)))
                .isEqualTo(new Preview(true, List.of(Line.of("refund.preview.order-stays", order.orderNo()))));
        assertThat(takeBack.preview(Shop.refund(order, "R1", 0, ALL)))
                .isEqualTo(new Preview(true, List.of(Line.of("refund.preview.order-ends", order.orderNo()))));
        assertThat(orders.get(order.orderNo())).isEqualTo(order);

        orders.ship(shop.request(), order.orderNo());
        assertThat(takeBack.preview(Shop.refund(order, "R1", 0, ALL)).lines())
                .containsExactly(
                        Line.of("refund.preview.order-ends", order.orderNo()),
                        Line.of("refund.preview.goods-have-left"));
    }

    @Test
    void shippingAndRefundingAtOnceEndsWithARefundedOrderThatKnowsWhetherItLeft() throws Exception {
        for (int round = 0; round < 10; round++) {
            var order = in(OrderState.PAID);
            var refund = Shop.refund(order, "R1", 0, ALL);
            boolean shipped;
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var shipping = threads.submit(() -> ship(order));
                threads.submit(() -> take(refund)).get();
                shipped = shipping.get();
            }
            assertThat(stateOf(order)).isEqualTo(OrderState.REFUNDED);

            giveBack(refund);
            assertThat(stateOf(order)).isEqualTo(shipped ? OrderState.SHIPPED : OrderState.PAID);
        }
    }

    @Test
    void manyRepeatsAtOnceEndTheOrderOnce() throws Exception {
        var order = in(OrderState.PAID);
        Callable<Taking> repeat = () -> take(Shop.refund(order, "R1", 0, ALL));

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var task : threads.invokeAll(Collections.nCopies(16, repeat))) {
                task.get();
            }
        }

        assertThat(jdbc.sql("SELECT version FROM orders.goods_order WHERE order_no = :orderNo")
                        .param("orderNo", order.orderNo())
                        .query(Integer.class)
                        .single())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // for another state than the one it had, or before a refund has failed
                "UPDATE orders.goods_order SET state = 'SHIPPED', refunded_from = NULL WHERE order_no = :orderNo",
                "UPDATE orders.goods_order SET state = 'PAID', refunded_from = NULL WHERE order_no = :orderNo",
                "UPDATE orders.goods_order SET refunded_from = 'COMPLETED' WHERE order_no = :orderNo",
                "UPDATE orders.goods_order SET state = 'PAID' WHERE order_no = :orderNo",
                "UPDATE orders.refund SET amount = amount - 1 WHERE order_no = :orderNo",
                "UPDATE orders.refund SET taken_at = now() WHERE order_no = :orderNo",
                "DELETE FROM orders.refund WHERE order_no = :orderNo",
            })
    void theDatabaseLeavesARefundedOrderRefunded(String sql) {
        var order = in(OrderState.PAID);
        take(Shop.refund(order, "R1", 0, ALL));

        assertThatThrownBy(() -> jdbc.sql(sql).param("orderNo", order.orderNo()).update())
                .isInstanceOf(DataIntegrityViolationException.class);
        assertThat(stateOf(order)).isEqualTo(OrderState.REFUNDED);
    }

    @Test
    void theDatabaseRefundsNoOrderWithoutARefundNorAfterItHasFailed() {
        var order = in(OrderState.SHIPPED);
        var sql = "UPDATE orders.goods_order SET state = 'REFUNDED', refunded_from = state WHERE order_no = :orderNo";
        assertThatThrownBy(() -> jdbc.sql(sql).param("orderNo", order.orderNo()).update())
                .hasMessageContaining("cannot go from SHIPPED to REFUNDED");
        var refund = Shop.refund(order, "R1", 0, ALL);
        take(refund);
        giveBack(refund);

        assertThatThrownBy(() -> jdbc.sql(sql).param("orderNo", order.orderNo()).update())
                .hasMessageContaining("cannot go from SHIPPED to REFUNDED");
        assertThatThrownBy(() -> jdbc.sql("UPDATE orders.refund SET given_back_at = NULL WHERE order_no = :orderNo")
                        .param("orderNo", order.orderNo())
                        .update())
                .isInstanceOf(DataIntegrityViolationException.class);
    }

    private Order in(OrderState state) {
        var order = shop.paid(shop.anOrder());
        if (state != OrderState.PAID) {
            order = orders.ship(shop.request(), order.orderNo());
        }
        return state == OrderState.COMPLETED ? orders.complete(shop.request(), order.orderNo()) : order;
    }

    private boolean ship(Order order) {
        try {
            orders.ship(shop.request(), order.orderNo());
            return true;
        } catch (Refusal refused) {
            assertThat(refused.type()).isEqualTo("order-state");
            return false;
        }
    }

    private OrderState stateOf(Order order) {
        return orders.get(order.orderNo()).state();
    }

    private Taking take(TakeBack refund) {
        return transaction.execute(status -> takeBack.take(refund));
    }

    private void giveBack(TakeBack refund) {
        transaction.executeWithoutResult(status -> takeBack.giveBack(refund, LATER));
    }

    private Money told(TakeBack refund) {
        return transaction.execute(status -> takeBack.takeWhatIsLeft(refund, LATER));
    }
}
