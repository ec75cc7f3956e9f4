package io.tallyhook.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.booking.Outcome;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import tallyhook.testing.Payer;
import tallyhook.testing.PlainBank;

@OrdersModuleTest
class CancelledOrdersIntegrationTests {

    private final Shop shop;
    private final Orders orders;
    private final Payments payments;
    private final Payer payer;
    private final PlainBank bank;

    CancelledOrdersIntegrationTests(Shop shop, Orders orders, Payments payments, Payer payer, PlainBank bank) {
        this.shop = shop;
        this.orders = orders;
        this.payments = payments;
        this.payer = payer;
        this.bank = bank;
    }

    @Test
    void cancellingClosesTheOpenPaymentsFirst() {
        var order = shop.anOrder();
        var till = orders.pay(shop.request(), order.orderNo(), Payer.by("till"));
        var external = shop.attempt(order);

        assertThat(orders.cancel(shop.request(), order.orderNo()).state()).isEqualTo(OrderState.CANCELLED);

        assertThat(payments.get(till.outTradeNo()).state()).isEqualTo(PaymentState.CLOSED);
        assertThat(payments.get(external.outTradeNo()).state()).isEqualTo(PaymentState.CLOSED);
    }

    @Test
    void anOrderWithAPaidPaymentIsNotCancelledEvenBeforeItIsMarkedPaid() {
        var order = shop.anOrder();
        shop.paidInSilence(shop.attempt(order));

        assertThatThrownBy(() -> orders.cancel(shop.request(), order.orderNo()))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.status().value()).isEqualTo(409));
        assertThat(orders.get(order.orderNo()).state()).isEqualTo(OrderState.AWAITING_PAYMENT);
    }

    @Test
    void aPaidOrderKeepsItsStateAndTheRefusalNamesIt() {
        var order = shop.paid(shop.anOrder());

        assertThatThrownBy(() -> orders.cancel(shop.request(), order.orderNo()))
                .hasMessage("Order %s is PAID and cannot be cancelled.", order.orderNo());
    }

    @Test
    void thePayerWhoPaysAtTheBankWhileTheOrderIsBeingCancelledGetsTheOrder() {
        var order = shop.anOrder();
        var attempt = orders.pay(shop.request(), order.orderNo(), Payer.by("till"));
        bank.takesMoneyFor(attempt.outTradeNo());

        assertThatThrownBy(() -> orders.cancel(shop.request(), order.orderNo()))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.type()).isEqualTo("payment-already-paid"));

        assertThat(shop.settled(attempt).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(orders.get(order.orderNo()).state()).isEqualTo(OrderState.PAID);
    }

    @Test
    void aPaymentThatIsOpenedWhileAnotherIsBeingClosedIsClosedToo() {
        var order = shop.anOrder();
        orders.pay(shop.request(), order.orderNo(), Payer.by("till"));
        bank.meanwhile(() -> shop.attempt(order));

        orders.cancel(shop.request(), order.orderNo());

        assertThat(orders.get(order.orderNo()).state()).isEqualTo(OrderState.CANCELLED);
        assertThat(orders.payments(order.orderNo()))
                .hasSize(2)
                .allMatch(payment -> payment.state() == PaymentState.CLOSED);
    }

    @Test
    void moneyThatArrivesAfterTheCancellationIsLateAndParked() {
        var order = shop.anOrder();
        var attempt = shop.attempt(order);
        orders.cancel(shop.request(), order.orderNo());

        assertThat(payer.pays(attempt)).isEqualTo(Outcome.LATE);

        assertThat(payments.get(attempt.outTradeNo()).fulfilment()).isEqualTo(FulfilmentState.PARKED);
        assertThat(orders.get(order.orderNo()).state()).isEqualTo(OrderState.CANCELLED);
    }

    @RepeatedTest(20)
    void whoeverWinsTheRaceOfCancellingAndPayingTheOrderIsNeverBothCancelledAndPaid() throws Exception {
        var order = shop.anOrder();
        var attempt = shop.attempt(order);
        var start = new CyclicBarrier(3);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var cancelling = threads.submit(() -> {
                start.await(10, TimeUnit.SECONDS);
                try {
                    return orders.cancel(shop.request(), order.orderNo()).state() == OrderState.CANCELLED;
                } catch (Refusal refused) {
                    assertThat(refused.status().value()).isEqualTo(409);
                    return false;
                }
            });
            var paying = threads.submit(() -> {
                start.await(10, TimeUnit.SECONDS);
                return payer.pays(attempt);
            });
            var opening = threads.submit(() -> {
                start.await(10, TimeUnit.SECONDS);
                try {
                    return shop.attempt(order).state();
                } catch (Refusal refused) {
                    assertThat(refused.type()).isEqualTo("order-not-payable");
                    return PaymentState.CLOSED;
                }
            });
            opening.get();

            boolean cancelled = cancelling.get();
            boolean inTime = paying.get() == Outcome.CONFIRMED;
            assertThat(shop.settled(attempt).fulfilment())
                    .isEqualTo(inTime ? FulfilmentState.SUCCEEDED : FulfilmentState.PARKED);
            // In time: paid. Late: cancelled, or, where the late money was seen in between, left for a person to
            // decide.
            assertThat(orders.get(order.orderNo()).state())
                    .isEqualTo(
                            inTime ? OrderState.PAID : cancelled ? OrderState.CANCELLED : OrderState.AWAITING_PAYMENT);
            assertThat(cancelled && inTime).isFalse();
            if (cancelled) {
                assertThat(orders.payments(order.orderNo()))
                        .noneMatch(payment -> payment.state() == PaymentState.PENDING);
            }
        }
    }
}
