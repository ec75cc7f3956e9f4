package io.tallyhook.payment.provider.wire;

import io.tallyhook.payment.Money;
import java.time.Instant;

/**
 * What may become part of a fact. Providers number and name in short ASCII words; anything else in such a place would
 * only make trouble later, such as a NUL that the database refuses in the middle of a group.
 */
public final class Plausible {

    private static final int LONGEST_WORD = 128;
    private static final long LARGEST_AMOUNT = 1_000_000_000_000_000L;
    private static final Instant EARLIEST = Instant.parse("2010-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    private Plausible() {}

    /** The value itself, if it is 1 to 128 printable ASCII characters. */
    public static String word(String field, String value) {
        if (value.isEmpty() || value.length() > LONGEST_WORD || !isPrintable(value)) {
            throw NotBelieved.unparsable(field + " is not a word of 1 to 128 printable ASCII characters");
        }
        return value;
    }

    private static boolean isPrintable(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < ' ' || value.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    /** The amount itself, if one can calculate with it without overflow. Whether it is right is not asked here. */
    public static Money amount(String field, Money value) {
        if (value.minorUnits() > LARGEST_AMOUNT || value.minorUnits() < -LARGEST_AMOUNT) {
            throw NotBelieved.unparsable(field + " is out of range");
        }
        return value;
    }

    /** The moment itself, if a payment can have happened then. */
    public static Instant time(String field, Instant value) {
        if (value.isBefore(EARLIEST) || value.isAfter(LATEST)) {
            throw NotBelieved.unparsable(field + " is out of range");
        }
        return value;
    }
}
