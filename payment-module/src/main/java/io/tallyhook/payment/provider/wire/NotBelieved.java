package io.tallyhook.payment.provider.wire;

import io.tallyhook.payment.provider.Rejection;
import io.tallyhook.payment.provider.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * A message of a provider is not believed. Carries what a person needs to see, made fit for storing: what the sender
 * wrote is cut short and stripped of everything but printable ASCII. Has no stack trace, as anybody can cause it.
 */
public final class NotBelieved extends RuntimeException {

    private static final int LONGEST = 120;

    private final transient Verdict.Rejected verdict;

    public NotBelieved(Rejection reason, @Nullable String expected, @Nullable String actual) {
        super(reason.name(), null, false, false);
        this.verdict = new Verdict.Rejected(reason, expected, actual == null ? null : printable(actual));
    }

    public NotBelieved(Rejection reason) {
        this(reason, null, null);
    }

    /** It cannot be read, for this reason. */
    public static NotBelieved unparsable(String problem) {
        return new NotBelieved(Rejection.UNPARSABLE, null, problem);
    }

    public Verdict.Rejected verdict() {
        return verdict;
    }

    private static String printable(String text) {
        var cut = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
        return cut.replaceAll("[^ -~]", "?");
    }
}
