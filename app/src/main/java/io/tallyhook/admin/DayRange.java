package io.tallyhook.admin;

import io.tallyhook.payment.Refusal;
import java.time.DateTimeException;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** Days of the books, both included; what is absent does not limit. */
record DayRange(@Nullable LocalDate from, @Nullable LocalDate to) {

    /** @throws Refusal (400) if a day cannot be read, or the last lies before the first */
    static DayRange of(@Nullable String from, @Nullable String to) {
        var range = new DayRange(day("from", from), day("to", to));
        if (range.from != null && range.to != null && range.to.isBefore(range.from)) {
            throw Refusal.badField("to", "must not be before “from”");
        }
        return range;
    }

    /** This month up to today, where nothing was chosen. */
    static DayRange orThisMonth(@Nullable String from, @Nullable String to, LocalDate today) {
        var chosen = of(from, to);
        var last = chosen.to == null
                ? (chosen.from != null && chosen.from.isAfter(today) ? chosen.from : today)
                : chosen.to;
        return new DayRange(chosen.from == null ? last.withDayOfMonth(1) : chosen.from, last);
    }

    private static @Nullable LocalDate day(String field, @Nullable String text) {
        var filled = Filled.text(text);
        if (filled == null) {
            return null;
        }
        try {
            var day = LocalDate.parse(filled);
            if (day.getYear() < 1900 || day.getYear() > 9999) {
                throw Refusal.badField(field, "must be a day between 1900-01-01 and 9999-12-31");
            }
            return day;
        } catch (DateTimeException e) {
            throw Refusal.badField(field, "must be a day such as 2026-01-31");
        }
    }
}
