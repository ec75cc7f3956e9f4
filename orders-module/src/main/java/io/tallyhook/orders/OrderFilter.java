package io.tallyhook.orders;

import org.jspecify.annotations.Nullable;

/** Which orders a person wants to see; what is absent does not limit. */
public record OrderFilter(
        @Nullable OrderState state, @Nullable String userId) {

    public static OrderFilter all() {
        return new OrderFilter(null, null);
    }
}
