package io.tallyhook.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Fulfilments;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.PaymentsConfirmed;
import io.tallyhook.payment.booking.Outcome;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tallyhook.testing.Payer;

@OrdersModuleTest
class PaidOrdersIntegrationTests {

    private final Shop shop;
    private final Orders orders;
    private final Payments payments;
    private final Payer payer;
    private final JdbcClient jdbc;
    private final MarkOrdersPaid listener;

    PaidOrdersIntegrationTests(
            Shop shop,
            Orders orders,
            Payments payments,
            Payer payer,
            JdbcClient jdbc,
            Fulfilments fulfilments,
            Clock clock) {
        this.shop = shop;
        this.orders = orders;
        this.payments = payments;
        this.payer = payer;
        this.jdbc = jdbc;
        // Not the bean: that one answers at once and works on a thread of its own.
        this.listener = new MarkOrdersPaid(jdbc, fulfilments, clock);
    }

    @Test
    void aConfirmedPaymentPaysItsOrder() {
        var order = shop.anOrder();
        var attempt = shop.attempt(order);

        assertThat(payer.pays(attempt)).isEqualTo(Outcome.CONFIRMED);

        assertThat(shop.settled(attempt).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        var paid = orders.get(order.orderNo());
        assertThat(paid.state()).isEqualTo(OrderState.PAID);
        assertThat(paid.paidBy()).isEqualTo(attempt.outTradeNo());
        assertThat(paid.paidAt()).isEqualTo(payments.get(attempt.outTradeNo()).paidAt());
    }

    @Test
    void thirtyTwoListenersAtOncePayAnOrderOnce() throws Exception {
        var order = shop.anOrder();
        var attempt = shop.attempt(order);
        shop.paidInSilence(attempt);

        together(Collections.nCopies(32, Shop.confirmed(attempt)));

        assertThat(payments.get(attempt.outTradeNo()).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(orders.get(order.orderNo()).state()).isEqualTo(OrderState.PAID);
        assertThat(version(order)).isEqualTo(1);
    }

    @Test
    void aRepeatedEventChangesNothingEvenAfterTheOrderHasMovedOn() {
        var order = shop.anOrder();
        var attempt = shop.attempt(order);
        shop.paidInSilence(attempt);
        listener.on(Shop.confirmed(attempt));
        orders.ship(shop.request(), order.orderNo());
        var shipped = orders.get(order.orderNo());

        listener.on(Shop.confirmed(attempt));

        assertThat(orders.get(order.orderNo())).isEqualTo(shipped);
        assertThat(payments.get(attempt.outTradeNo()).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
    }

    @Test
    void aSecondPaymentOfAnOrderIsASurplus() {
        var order = shop.anOrder();
        var first = shop.attempt(order);
        var second = shop.attempt(order);
        payer.pays(first);
        shop.settled(first);

        payer.pays(second);

        assertThat(shop.settled(second).fulfilmentReason()).isEqualTo(ParkingReason.SURPLUS);
        assertThat(orders.get(order.orderNo()).paidBy()).isEqualTo(first.outTradeNo());
    }

    @Test
    void ofTwoPaymentsInOneBatchTheFirstPaysAndTheOtherIsASurplus() {
        var order = shop.anOrder();
        var first = shop.attempt(order);
        var second = shop.attempt(order);
        shop.paidInSilence(first, second);

        listener.on(Shop.confirmed(second, first));

        assertThat(orders.get(order.orderNo()).paidBy()).isEqualTo(first.outTradeNo());
        assertThat(payments.get(first.outTradeNo()).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(payments.get(second.outTradeNo()).fulfilmentReason()).isEqualTo(ParkingReason.SURPLUS);
    }

    @Test
    void manyPaymentsOfOneOrderOnManyThreadsPayItOnce() throws Exception {
        var order = shop.anOrder();
        var attempts = Collections.nCopies(8, order).stream().map(shop::attempt).toList();
        attempts.forEach(shop::paidInSilence);

        together(attempts.stream().map(Shop::confirmed).toList());

        assertThat(attempts.stream()
                        .map(attempt -> payments.get(attempt.outTradeNo()))
                        .map(Payment::fulfilment))
                .containsOnly(FulfilmentState.SUCCEEDED, FulfilmentState.PARKED)
                .containsOnlyOnce(FulfilmentState.SUCCEEDED);
        assertThat(version(order)).isEqualTo(1);
    }

    @Test
    void aPaymentOfACancelledOrderIsParkedAndTheOrderStaysCancelled() {
        var order = shop.anOrder();
        var attempt = shop.attempt(order);
        shop.paidInSilence(attempt);
        // Past every guard, as a person with SQL would.
        jdbc.sql("UPDATE orders.goods_order SET state = 'CANCELLED' WHERE order_no = :orderNo")
                .param("orderNo", order.orderNo())
                .update();

        listener.on(Shop.confirmed(attempt));

        assertThat(payments.get(attempt.outTradeNo()).fulfilmentReason()).isEqualTo(ParkingReason.CANCELLED_BEFORE);
        assertThat(orders.get(order.orderNo()).state()).isEqualTo(OrderState.CANCELLED);
    }

    @Test
    void aPoisonedPaymentHarmsNobodyElseInItsBatch() {
        var good = shop.anOrder();
        var goodAttempt = shop.attempt(good);
        var lost = shop.attempt(shop.anOrder());
        var wrong = shop.attempt(shop.anOrder());
        shop.paidInSilence(goodAttempt, lost, wrong);
        rewrite(lost, "reference = 'O" + "9".repeat(26) + "'");
        rewrite(wrong, "amount = 1");

        listener.on(Shop.confirmed(lost, wrong, goodAttempt));

        assertThat(orders.get(good.orderNo()).state()).isEqualTo(OrderState.PAID);
        assertThat(payments.get(lost.outTradeNo()).fulfilmentError()).contains("does not exist");
        assertThat(payments.get(wrong.outTradeNo()).fulfilmentError())
                .contains("Payment %s is of 0.01 CNY, but order %s costs 44.98 CNY"
                        .formatted(wrong.outTradeNo(), wrong.reference()));
        assertThat(orders.get(wrong.reference()).state()).isEqualTo(OrderState.AWAITING_PAYMENT);
    }

    @Test
    void paymentsOfOtherPurposesAreNotOurs() {
        var order = shop.anOrder();
        var attempt = shop.attempt(order);
        shop.paidInSilence(attempt);

        listener.on(new PaymentsConfirmed("RECHARGE", Shop.confirmed(attempt).payments()));

        assertThat(orders.get(order.orderNo()).state()).isEqualTo(OrderState.AWAITING_PAYMENT);
    }

    private void rewrite(Payment payment, String what) {
        jdbc.sql("ALTER TABLE payment.payment DISABLE TRIGGER payment_terms").update();
        jdbc.sql("UPDATE payment.payment SET " + what + " WHERE out_trade_no = :outTradeNo")
                .param("outTradeNo", payment.outTradeNo())
                .update();
        jdbc.sql("ALTER TABLE payment.payment ENABLE TRIGGER payment_terms").update();
    }

    private int version(Order order) {
        return jdbc.sql("SELECT version FROM orders.goods_order WHERE order_no = :orderNo")
                .param("orderNo", order.orderNo())
                .query(Integer.class)
                .single();
    }

    private void together(List<PaymentsConfirmed> events) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<String>> tasks = events.stream()
                    .map(event -> (Callable<String>) () -> {
                        listener.on(event);
                        return event.purpose();
                    })
                    .toList();
            for (var done : threads.invokeAll(tasks)) {
                done.get();
            }
        }
    }
}
