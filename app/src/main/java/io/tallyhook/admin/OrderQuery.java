package io.tallyhook.admin;

import io.tallyhook.orders.OrderFilter;
import io.tallyhook.orders.OrderState;
import org.jspecify.annotations.Nullable;

/**
 * The filter form over the list of orders, as it stands in the address.
 *
 * @param number an order number
 * @param user the shop's own name of the user
 */
record OrderQuery(
        @Nullable String number,
        @Nullable String state,
        @Nullable String user) {

    OrderFilter filter() {
        return new OrderFilter(Filled.constant(OrderState.class, state).orElse(null), Filled.text(user));
    }

    /** Whether it limits anything, so that an empty list means that nothing fits. */
    public boolean limits() {
        return Filled.text(number) != null || Filled.text(state) != null || Filled.text(user) != null;
    }
}
