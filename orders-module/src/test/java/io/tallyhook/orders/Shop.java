package io.tallyhook.orders;

import static org.awaitility.Awaitility.await;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.Entitlement.TakeBack;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.PaymentsConfirmed;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.jdbc.core.simple.JdbcClient;
import tallyhook.testing.Payer;

/** The language of these tests: orders, attempts to pay them, and what the sweep and the intake would do. */
class Shop {

    private static final AtomicInteger USERS = new AtomicInteger();

    private final Orders orders;
    private final Payments payments;
    private final Payer payer;
    private final JdbcClient jdbc;
    private final Clock clock;

    Shop(Orders orders, Payments payments, Payer payer, JdbcClient jdbc, Clock clock) {
        this.orders = orders;
        this.payments = payments;
        this.payer = payer;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    RequestId request() {
        return RequestId.fresh(clock);
    }

    Order anOrder() {
        return anOrder(new UserId("u-" + USERS.incrementAndGet()));
    }

    Order anOrder(UserId user) {
        return orders.place(
                request(),
                user,
                List.of(
                        new OrderItem("TEA-1", "Green tea", 2, Money.fen(1999)),
                        new OrderItem("CUP-7", "Cup", 1, Money.fen(500))));
    }

    Payment attempt(Order order) {
        return orders.pay(request(), order.orderNo(), Payer.by("external"));
    }

    Order paid(Order order) {
        payer.pays(attempt(order));
        await().until(() -> orders.get(order.orderNo()).state() == OrderState.PAID);
        return orders.get(order.orderNo());
    }

    /** Waits until the module has answered for this payment, one way or the other. */
    Payment settled(Payment payment) {
        return await().until(
                        () -> payments.get(payment.outTradeNo()),
                        now -> now.fulfilment() != FulfilmentState.NONE && now.fulfilment() != FulfilmentState.PENDING);
    }

    /** Marks payments paid without telling anybody, as if the event had been lost. */
    void paidInSilence(Payment... attempts) {
        for (var attempt : attempts) {
            jdbc.sql("""
                            UPDATE payment.payment
                            SET state = 'PAID', fulfilment = 'PENDING', due_at = now() + interval '1 hour', paid_at = now(),
                                provider_transaction_id = 'S' || out_trade_no, version = version + 1
                            WHERE out_trade_no = :outTradeNo
                            """).param("outTradeNo", attempt.outTradeNo()).update();
        }
    }

    /** A refund of the payment that paid this order. */
    static TakeBack refund(Order order, String refundNo, long goneBefore, long amount) {
        return refund(order, String.valueOf(order.paidBy()), refundNo, goneBefore, amount);
    }

    static TakeBack refund(Order order, String outTradeNo, String refundNo, long goneBefore, long amount) {
        return new TakeBack(
                refundNo,
                outTradeNo,
                order.orderNo(),
                order.userId(),
                order.amount(),
                Money.fen(goneBefore),
                Money.fen(amount),
                "api:shop",
                "returned");
    }

    static PaymentsConfirmed confirmed(Payment... attempts) {
        return new PaymentsConfirmed(
                "GOODS",
                Arrays.stream(attempts)
                        .map(payment -> new ConfirmedPayment(
                                payment.outTradeNo(),
                                payment.reference(),
                                payment.userId().value(),
                                payment.amount().minorUnits(),
                                payment.amount().currency().getCurrencyCode(),
                                payment.provider(),
                                payment.account(),
                                "S" + payment.outTradeNo(),
                                Instant.now()))
                        .toList());
    }
}
