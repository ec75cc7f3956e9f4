package io.tallyhook.payment.callback;

import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.SearchTerm;
import io.tallyhook.payment.booking.Outcome;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which deliveries a person wants to see; what is absent does not limit.
 *
 * @param number our payment number, the provider's transaction number or its notification id
 */
public record CallbackFilter(
        @Nullable String number,
        @Nullable String outTradeNo,
        Set<Outcome> outcomes,
        @Nullable String provider,
        @Nullable Instant from,
        @Nullable Instant to) {

    /** @throws Refusal (400) naming a field that nothing can have */
    public CallbackFilter {
        SearchTerm.text("number", number);
        SearchTerm.text("outTradeNo", outTradeNo);
        SearchTerm.text("provider", provider);
        SearchTerm.time("from", from);
        SearchTerm.time("to", to);
    }

    public static CallbackFilter all() {
        return new CallbackFilter(null, null, Set.of(), null, null, null);
    }

    /** The deliveries about one payment. */
    public static CallbackFilter of(String outTradeNo) {
        return new CallbackFilter(null, outTradeNo, Set.of(), null, null, null);
    }
}
