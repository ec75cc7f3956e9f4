package io.tallyhook.membership;

import org.jspecify.annotations.Nullable;

/** Which purchases a person wants to see; what is absent does not limit. */
public record PurchaseFilter(
        @Nullable PurchaseState state,
        @Nullable String userId,
        @Nullable String planCode) {

    public static PurchaseFilter all() {
        return new PurchaseFilter(null, null, null);
    }
}
