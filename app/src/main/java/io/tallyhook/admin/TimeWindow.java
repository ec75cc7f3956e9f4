package io.tallyhook.admin;

import io.tallyhook.payment.Refusal;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The part of time that a list is limited to; what is absent does not limit. */
record TimeWindow(@Nullable Instant from, @Nullable Instant to) {

    static final ZoneId BEIJING = ZoneId.of("Asia/Shanghai");

    /** The value that stands for the two fields. */
    static final String CUSTOM = "custom";

    private static final Map<String, Duration> LAST =
            Map.of("1h", Duration.ofHours(1), "24h", Duration.ofHours(24), "7d", Duration.ofDays(7));

    /**
     * Reads the fields of a filter form.
     *
     * @param preset {@code 1h}, {@code 24h}, {@code 7d}, {@code today} or {@code custom}; anything else does not limit
     * @param from local time in Beijing, as a date and time field sends it
     * @throws Refusal (400) if a custom time cannot be read
     */
    static TimeWindow of(@Nullable String preset, @Nullable String from, @Nullable String to, Clock clock) {
        if (preset == null) {
            return new TimeWindow(null, null);
        }
        var last = LAST.get(preset);
        if (last != null) {
            return new TimeWindow(clock.instant().minus(last), null);
        }
        return switch (preset) {
            case "today" -> new TimeWindow(today(clock), null);
            case CUSTOM -> new TimeWindow(beijing("from", from), beijing("to", to));
            default -> new TimeWindow(null, null);
        };
    }

    /** When this day began in Beijing. */
    static Instant today(Clock clock) {
        return clock.instant()
                .atZone(BEIJING)
                .toLocalDate()
                .atStartOfDay(BEIJING)
                .toInstant();
    }

    /** A local time in Beijing; nothing for an empty field. */
    static @Nullable Instant beijing(String field, @Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            return LocalDateTime.parse(text.strip()).atZone(BEIJING).toInstant();
        } catch (DateTimeException e) {
            throw Refusal.badField(field, "must be a date and time such as 2026-01-31T12:00");
        }
    }
}
