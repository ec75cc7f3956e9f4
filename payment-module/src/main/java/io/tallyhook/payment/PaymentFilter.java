package io.tallyhook.payment;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which payments a person wants to see; what is absent does not limit.
 *
 * @param number our payment number, or the provider's transaction number
 */
public record PaymentFilter(
        @Nullable String number,
        @Nullable PaymentState state,
        @Nullable FulfilmentState fulfilment,
        @Nullable String purpose,
        @Nullable String provider,
        @Nullable String userId,
        @Nullable String reference,
        @Nullable Instant from,
        @Nullable Instant to) {

    /** @throws Refusal (400) naming a field that nothing can have */
    public PaymentFilter {
        SearchTerm.text("number", number);
        SearchTerm.text("purpose", purpose);
        SearchTerm.text("provider", provider);
        SearchTerm.text("user", userId);
        SearchTerm.text("reference", reference);
        SearchTerm.time("from", from);
        SearchTerm.time("to", to);
    }

    public static PaymentFilter all() {
        return new PaymentFilter(null, null, null, null, null, null, null, null, null);
    }

    public static PaymentFilter of(String purpose, String reference) {
        return new PaymentFilter(null, null, null, purpose, null, null, reference, null, null);
    }

    /** What it limits, such as {@code fulfilment=FAILED provider=wechat}; for people. */
    String inWords() {
        var limits = new LinkedHashMap<String, @Nullable Object>();
        limits.put("number", number);
        limits.put("state", state);
        limits.put("fulfilment", fulfilment);
        limits.put("purpose", purpose);
        limits.put("provider", provider);
        limits.put("user", userId);
        limits.put("reference", reference);
        limits.put("from", from);
        limits.put("to", to);
        return limits.entrySet().stream()
                .filter(limit -> limit.getValue() != null)
                .map(limit -> limit.getKey() + "=" + limit.getValue())
                .collect(Collectors.joining(" "));
    }
}
