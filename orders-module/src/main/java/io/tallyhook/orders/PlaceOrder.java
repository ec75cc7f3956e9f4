package io.tallyhook.orders;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Writes down what a user wants to buy. */
@Component
class PlaceOrder {

    static final int MAX_ITEMS = 100;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Clock clock;

    PlaceOrder(JdbcClient jdbc, PlatformTransactionManager transactions, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /** @return the number of the order, placed now or by an earlier try of the same request */
    String place(RequestId id, UserId userId, List<OrderItem> items) {
        var orderNo = id.number('O');
        var amount = total(items);
        transaction.executeWithoutResult(status -> {
            if (insert(orderNo, userId, amount) == 1) {
                insert(orderNo, items);
            }
        });
        return orderNo;
    }

    private int insert(String orderNo, UserId userId, Money amount) {
        return jdbc.sql("""
                        INSERT INTO orders.goods_order
                          (order_no, user_id, shard, amount, currency, created_at, changed_at)
                        VALUES (:orderNo, :userId, :shard, :amount, :currency, :now, :now)
                        ON CONFLICT (order_no) DO NOTHING
                        """)
                .param("orderNo", orderNo)
                .param("userId", userId.value())
                .param("shard", userId.shard())
                .param("amount", amount.minorUnits())
                .param("currency", amount.currency().getCurrencyCode())
                .param("now", Timestamp.from(clock.instant().truncatedTo(ChronoUnit.MICROS)))
                .update();
    }

    private void insert(String orderNo, List<OrderItem> items) {
        jdbc.sql("""
                        INSERT INTO orders.item (order_no, position, sku, name, quantity, unit_amount)
                        SELECT :orderNo, number - 1, sku, name, quantity, unit_amount
                        FROM unnest(:skus::text[], :names::text[], :quantities::int[], :unitAmounts::bigint[])
                          WITH ORDINALITY AS item (sku, name, quantity, unit_amount, number)
                        """)
                .param("orderNo", orderNo)
                .param("skus", items.stream().map(OrderItem::sku).toArray(String[]::new))
                .param("names", items.stream().map(OrderItem::name).toArray(String[]::new))
                .param("quantities", items.stream().map(OrderItem::quantity).toArray(Integer[]::new))
                .param(
                        "unitAmounts",
                        items.stream()
                                .map(item -> item.unitAmount().minorUnits())
                                .toArray(Long[]::new))
                .update();
    }

    private static Money total(List<OrderItem> items) {
        if (items.isEmpty() || items.size() > MAX_ITEMS) {
            throw Refusal.badField("items", "must be 1 to %d lines".formatted(MAX_ITEMS));
        }
        var total = items.stream().map(OrderItem::amount).reduce(Money.fen(0), Money::plus);
        if (total.minorUnits() > Money.MAX_MINOR_UNITS) {
            throw Refusal.badField(
                    "items",
                    "must cost at most %,d minor units in all, not %,d"
                            .formatted(Money.MAX_MINOR_UNITS, total.minorUnits()));
        }
        return total;
    }
}
