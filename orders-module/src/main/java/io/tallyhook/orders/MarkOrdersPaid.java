package io.tallyhook.orders;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.Fulfilment;
import io.tallyhook.payment.Fulfilments;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.PaymentsConfirmed;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;

/** Turns confirmed payments into paid orders: the first payment of an order pays it, any other is a surplus. */
@Component
class MarkOrdersPaid {

    private final JdbcClient jdbc;
    private final Fulfilments fulfilments;
    private final Clock clock;

    MarkOrdersPaid(JdbcClient jdbc, Fulfilments fulfilments, Clock clock) {
        this.jdbc = jdbc;
        this.fulfilments = fulfilments;
        this.clock = clock;
    }

    @ApplicationModuleListener(
            id = "orders.payments",
            condition = "#event.purpose() == 'GOODS'",
            propagation = Propagation.NOT_SUPPORTED)
    void on(PaymentsConfirmed event) {
        fulfilments.run(event, this::apply);
    }

    private List<Fulfilment> apply(List<ConfirmedPayment> payments) {
        var orders = lock(payments);
        var paying = new TreeMap<String, ConfirmedPayment>();
        var answers = new ArrayList<Fulfilment>(payments.size());
        for (var payment : payments) {
            answers.add(decide(payment, orders.get(payment.reference()), paying));
        }
        markPaid(paying);
        return answers;
    }

    /** @param paying the payments of this batch that pay their orders, by order; this one joins them if it does */
    private static Fulfilment decide(
            ConfirmedPayment payment, @Nullable Locked order, Map<String, ConfirmedPayment> paying) {
        if (order == null) {
            throw new IllegalStateException("Payment %s pays for order %s, which does not exist"
                    .formatted(payment.outTradeNo(), payment.reference()));
        }
        if (!order.amount().equals(payment.money())) {
            throw new IllegalStateException("Payment %s is of %s, but order %s costs %s"
                    .formatted(payment.outTradeNo(), payment.money(), order.orderNo(), order.amount()));
        }
        if (payment.outTradeNo().equals(order.paidBy())) {
            return payment.fulfilled();
        }
        if (order.paidBy() != null || paying.containsKey(order.orderNo())) {
            return payment.refused(ParkingReason.SURPLUS);
        }
        if (order.state() == OrderState.CANCELLED) {
            return payment.refused(ParkingReason.CANCELLED_BEFORE);
        }
        paying.put(order.orderNo(), payment);
        return payment.fulfilled();
    }

    private Map<String, Locked> lock(List<ConfirmedPayment> payments) {
        return jdbc
                .sql("""
                        SELECT order_no, state, amount, currency, paid_by
                        FROM orders.goods_order
                        WHERE order_no = ANY (:orderNos)
                        ORDER BY order_no
                        FOR NO KEY UPDATE
                        """)
                .param(
                        "orderNos",
                        payments.stream().map(ConfirmedPayment::reference).toArray(String[]::new))
                .query((row, number) -> new Locked(
                        row.getString("order_no"),
                        OrderState.valueOf(row.getString("state")),
                        Money.of(row.getLong("amount"), row.getString("currency")),
                        row.getString("paid_by")))
                .list()
                .stream()
                .collect(Collectors.toMap(Locked::orderNo, Function.identity()));
    }

    private void markPaid(Map<String, ConfirmedPayment> paying) {
        int paid = jdbc.sql("""
                        UPDATE orders.goods_order o
                        SET state = 'PAID', paid_by = p.paid_by, paid_at = p.paid_at::timestamptz,
                            changed_at = :now, changed_by = NULL, version = version + 1
                        FROM unnest(:orderNos::text[], :paidBy::text[], :paidAt::text[]) AS p (order_no, paid_by, paid_at)
                        WHERE o.order_no = p.order_no AND o.state = 'AWAITING_PAYMENT'
                        """)
                .param("now", Timestamp.from(clock.instant().truncatedTo(ChronoUnit.MICROS)))
                .param("orderNos", paying.keySet().toArray(String[]::new))
                .param(
                        "paidBy",
                        paying.values().stream()
                                .map(ConfirmedPayment::outTradeNo)
                                .toArray(String[]::new))
                .param(
                        "paidAt",
                        paying.values().stream()
                                .map(payment -> payment.paidAt().toString())
                                .toArray(String[]::new))
                .update();
        if (paid != paying.size()) {
            throw new IllegalStateException(
                    "%d of %d orders could be marked paid: %s".formatted(paid, paying.size(), paying.keySet()));
        }
    }

    private record Locked(
            String orderNo,
            OrderState state,
            Money amount,
            @Nullable String paidBy) {}
}
