package io.tallyhook.payment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What may be searched for. Filters of lists take anything that somebody types into an address; what no row can hold is
 * refused here, with the field's name, because the database would take it for a fault of ours. Every filter of a module
 * reads its fields through it.
 */
public final class SearchTerm {

    private static final int LONGEST = 256;

    /** What the database and every screen can show. */
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private SearchTerm() {}

    /**
     * The text itself, or nothing if there is none.
     *
     * @throws Refusal (400) if it is longer than 256 characters or has control characters
     */
    public static @Nullable String text(String field, @Nullable String value) {
        if (value != null && (value.length() > LONGEST || value.chars().anyMatch(Character::isISOControl))) {
            throw Refusal.badField(field, "must be at most 256 characters without control characters");
        }
        return value;
    }

    /**
     * The time itself, or nothing if there is none.
     *
     * @throws Refusal (400) if it lies outside of the years 1 to 9999
     */
    public static @Nullable Instant time(String field, @Nullable Instant value) {
        if (value != null && (value.isBefore(EARLIEST) || value.isAfter(LATEST))) {
            throw Refusal.badField(field, "must be a time in the years 1 to 9999");
        }
        return value;
    }
}
