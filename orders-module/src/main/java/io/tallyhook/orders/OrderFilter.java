package io.tallyhook.orders;

import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.SearchTerm;
import org.jspecify.annotations.Nullable;

/** Which orders a person wants to see; what is absent does not limit. */
public record OrderFilter(
        @Nullable OrderState state, @Nullable String userId) {

    /** @throws Refusal (400) naming a field that nothing can have */
    public OrderFilter {
        SearchTerm.text("user", userId);
    }

    public static OrderFilter all() {
        return new OrderFilter(null, null);
    }
}
