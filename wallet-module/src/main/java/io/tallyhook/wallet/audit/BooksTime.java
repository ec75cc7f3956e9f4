package io.tallyhook.wallet.audit;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/** The books are kept in Beijing time, and to the microsecond, as the database keeps them. */
final class BooksTime {

    static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    private BooksTime() {}

    static Instant now(Clock clock) {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    static LocalDate today(Clock clock) {
        return LocalDate.ofInstant(clock.instant(), ZONE);
    }

    static YearMonth thisMonth(Clock clock) {
        return YearMonth.from(today(clock));
    }
}
