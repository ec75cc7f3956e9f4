package io.tallyhook.membership;

import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.SearchTerm;
import org.jspecify.annotations.Nullable;

/** Which purchases a person wants to see; what is absent does not limit. */
public record PurchaseFilter(
        @Nullable PurchaseState state,
        @Nullable String userId,
        @Nullable String planCode) {

    /** @throws Refusal (400) naming a field that nothing can have */
    public PurchaseFilter {
        SearchTerm.text("user", userId);
        SearchTerm.text("planCode", planCode);
    }

    public static PurchaseFilter all() {
        return new PurchaseFilter(null, null, null);
    }
}
