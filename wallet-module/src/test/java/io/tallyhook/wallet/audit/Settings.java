package io.tallyhook.wallet.audit;

import java.time.Duration;
import java.time.LocalTime;

/** The defaults, for tests that build what uses them. */
final class Settings {

    private Settings() {}

    static AuditSettings sealingAtMost(int bookings) {
        return of(bookings, Duration.ofMinutes(1));
    }

    static AuditSettings provingWithin(Duration within) {
        return of(20_000, within);
    }

    private static AuditSettings of(int bookings, Duration within) {
        return new AuditSettings(
                true,
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                bookings,
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                200,
                Duration.ofMinutes(5),
                within,
                LocalTime.of(3, 10),
                Duration.ofSeconds(10),
                Duration.ofHours(1));
    }
}
