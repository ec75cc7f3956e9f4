package io.tallyhook.payment;

/** What others say, made fit for a row: it must be recorded whatever it says. */
public final class Storable {

    private static final int LONGEST = 500;

    private Storable() {}

    /** The beginning of it, which is enough for people. PostgreSQL takes no NUL character in a text. */
    public static String text(String said) {
        return said.substring(0, Math.min(said.length(), LONGEST)).replace('\0', '\uFFFD');
    }
}
