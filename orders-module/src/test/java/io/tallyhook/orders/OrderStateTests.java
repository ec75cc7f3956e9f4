package io.tallyhook.orders;

import static io.tallyhook.orders.OrderState.AWAITING_PAYMENT;
import static io.tallyhook.orders.OrderState.CANCELLED;
import static io.tallyhook.orders.OrderState.COMPLETED;
import static io.tallyhook.orders.OrderState.PAID;
import static io.tallyhook.orders.OrderState.REFUNDED;
import static io.tallyhook.orders.OrderState.SHIPPED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OrderStateTests {

    static final Map<OrderState, Set<OrderState>> AGREED = Map.of(
            AWAITING_PAYMENT, Set.of(PAID, CANCELLED),
            PAID, Set.of(SHIPPED, REFUNDED),
            SHIPPED, Set.of(COMPLETED, REFUNDED),
            COMPLETED, Set.of(REFUNDED),
            CANCELLED, Set.of(),
            REFUNDED, Set.of());

    @Test
    void allowsTheAgreedTransitionsAndNoOthers() {
        for (var from : OrderState.values()) {
            for (var to : OrderState.values()) {
                assertThat(from.mayBecome(to))
                        .as("%s to %s", from, to)
                        .isEqualTo(AGREED.getOrDefault(from, Set.of()).contains(to));
            }
        }
    }

    @Test
    void knowsFromWhereAStateIsReached() {
        assertThat(REFUNDED.origins()).containsExactlyInAnyOrder("PAID", "SHIPPED", "COMPLETED");
        assertThat(AWAITING_PAYMENT.origins()).isEmpty();
    }
}
