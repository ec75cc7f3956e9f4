package io.tallyhook.payment.booking;

import org.jspecify.annotations.Nullable;

/** A fact could not be booked now; nothing is promised and the provider must send it again. */
public class IntakeUnavailable extends RuntimeException {

    IntakeUnavailable(String why, @Nullable Throwable cause) {
        super("The intake cannot book this now: " + why, cause);
    }
}
