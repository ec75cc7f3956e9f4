package io.tallyhook.payment.booking;

import io.tallyhook.payment.provider.Check;

/**
 * One thing that a message says, held against what we know.
 *
 * @param expected our value
 * @param actual the message's value
 */
public record Comparison(Check check, String expected, String actual) {

    /** Stands for a value that the message does not have. */
    public static final String ABSENT = "—";

    public boolean fits() {
        return expected.equals(actual);
    }
}
