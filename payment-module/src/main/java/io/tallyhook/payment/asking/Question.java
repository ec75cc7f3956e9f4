package io.tallyhook.payment.asking;

import io.tallyhook.payment.booking.Outcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a provider was asked about a payment, and what it answered.
 *
 * @param answer absent while it is asked, and for ever if the answer was lost
 * @param outcome what was booked of the answer, if there was anything to book
 * @param detail the provider's own word, or what went wrong; for people
 */
public record Question(
        Instant askedAt,
        Why why,
        @Nullable ProviderSays answer,
        @Nullable Outcome outcome,
        String detail) {

    /** Why it was asked. */
    public enum Why {
        /** It was time to ask what has become of it. */
        USUAL,
        /** It had expired: to close it. */
        EXPIRED,
        /** Another attempt to pay the same was paid: to close it. */
        SIBLING_PAID,
        /** A person wanted to know. */
        PERSON
    }
}
