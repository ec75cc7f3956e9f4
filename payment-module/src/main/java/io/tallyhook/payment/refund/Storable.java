package io.tallyhook.payment.refund;

/** What others say, made fit for a row. */
final class Storable {

    private static final int LONGEST = 500;

    private Storable() {}

    /** PostgreSQL takes no NUL character in a text; an answer must be recorded whatever it says. */
    static String text(String said) {
        return said.substring(0, Math.min(said.length(), LONGEST)).replace("\0", "\uFFFD");
    }
}
