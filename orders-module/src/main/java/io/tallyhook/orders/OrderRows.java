package io.tallyhook.orders;

import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** Reads orders for people and programs. */
interface OrderRows extends Repository<OrderRow, String> {

    /** What an order's number looks like; nothing else is asked of the database. */
    Pattern NUMBER = Pattern.compile("O[0-9A-Z]{26}");

    Optional<OrderRow> findByOrderNo(String orderNo);

    /** Newest first: the number of an order sorts by time. */
    @Query("""
            SELECT o FROM OrderRow o
            WHERE (:state  IS NULL OR o.state = :state)
              AND (:userId IS NULL OR o.userId = :userId)
              AND (:before IS NULL OR o.orderNo < :before)
            ORDER BY o.orderNo DESC
            """)
    List<OrderRow> newest(@Nullable OrderState state, @Nullable String userId, @Nullable String before, Limit limit);

    default Optional<Order> find(String orderNo) {
        return NUMBER.matcher(orderNo).matches() ? findByOrderNo(orderNo).map(OrderRow::order) : Optional.empty();
    }

    default Page<Order> search(OrderFilter filter, Paging paging) {
        if (paging.cursor() != null && !NUMBER.matcher(paging.cursor()).matches()) {
            throw Refusal.badField("cursor", "must be the nextCursor of the page before");
        }
        var rows = newest(filter.state(), filter.userId(), paging.cursor(), Limit.of(paging.limit() + 1));
        return Page.of(rows.stream().map(OrderRow::order).toList(), paging.limit(), Order::orderNo);
    }
}
