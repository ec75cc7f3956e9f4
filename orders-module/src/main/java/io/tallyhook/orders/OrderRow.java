package io.tallyhook.orders;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.UserId;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import org.hibernate.annotations.BatchSize;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/**
 * An order, to be read only. Immutable, so that no flush of something read earlier can ever overwrite what a statement
 * has booked since.
 */
@Entity
@Immutable
@Table(schema = "orders", name = "goods_order")
@SuppressWarnings("NullAway.Init")
class OrderRow {

    @Id
    private String orderNo;

    private String userId;

    @Enumerated(EnumType.STRING)
    private OrderState state;

    private long amount;
    private String currency;
    private Instant createdAt;
    private Instant changedAt;
    private @Nullable String paidBy;
    private @Nullable Instant paidAt;

    /** A page holds at most 200 orders: their items come with one statement. */
    @Immutable
    @ElementCollection(fetch = FetchType.EAGER)
    @CollectionTable(schema = "orders", name = "item", joinColumns = @JoinColumn(name = "orderNo"))
    @OrderColumn(name = "position")
    @BatchSize(size = 201)
    private List<ItemRow> items;

    @Embeddable
    record ItemRow(String sku, String name, int quantity, long unitAmount) {}

    Order order() {
        return new Order(
                orderNo,
                new UserId(userId),
                state,
                Money.of(amount, currency),
                items.stream()
                        .map(item -> new OrderItem(
                                item.sku(), item.name(), item.quantity(), Money.of(item.unitAmount(), currency)))
                        .toList(),
                createdAt,
                changedAt,
                paidBy,
                paidAt);
    }
}
