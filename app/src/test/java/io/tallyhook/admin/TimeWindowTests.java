package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.payment.Refusal;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** The time fields of a filter form. */
class TimeWindowTests {

    /** Already the next day in Beijing. */
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-23T17:30:00Z"), ZoneOffset.UTC);

    @Test
    void aDayBeginsInBeijing() {
        assertThat(TimeWindow.today(CLOCK)).isEqualTo("2026-11-23T16:00:00Z");
        assertThat(TimeWindow.of("today", null, null, CLOCK).from()).isEqualTo("2026-11-23T16:00:00Z");
    }

    @Test
    void aPresetReachesBackFromNow() {
        assertThat(TimeWindow.of("1h", null, null, CLOCK))
                .isEqualTo(new TimeWindow(Instant.parse("2026-11-23T16:30:00Z"), null));
    }

    @Test
    void theTwoFieldsAreBeijingTime() {
        assertThat(TimeWindow.of("custom", "2026-11-24T00:00", "2026-11-24T01:00:30", CLOCK))
                .isEqualTo(
                        new TimeWindow(Instant.parse("2026-11-23T16:00:00Z"), Instant.parse("2026-11-23T17:00:30Z")));
    }

    @Test
    void theTwoFieldsCountOnlyWhereTheyAreChosen() {
        assertThat(TimeWindow.of("", "2026-11-24T00:00", null, CLOCK)).isEqualTo(new TimeWindow(null, null));
        assertThat(TimeWindow.of("nonsense", null, null, CLOCK)).isEqualTo(new TimeWindow(null, null));
    }

    @Test
    void aTimeThatCannotBeReadIsRefusedByName() {
        assertThatThrownBy(() -> TimeWindow.of("custom", null, "tomorrow", CLOCK))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("to must be a date and time");
    }
}
