package io.tallyhook.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineTests {

    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");

    @Test
    void theFirstGrantBeginsNow() {
        var first = new Line(1, 0, null).extend(NOON, 30);

        assertThat(first).isEqualTo(new Line.Stretch(1, 1, null, NOON, Instant.parse("2026-04-09T12:00:00Z")));
    }

    @Test
    void anExtensionBeginsWhereTheRunningMembershipEnds() {
        var end = Instant.parse("2026-03-20T08:00:00Z");

        var extension = new Line(1, 4, end).extend(NOON, 10);

        assertThat(extension).isEqualTo(new Line.Stretch(1, 5, end, end, Instant.parse("2026-03-30T08:00:00Z")));
    }

    @Test
    void afterAGapItBeginsNowAndTheGapIsNotSold() {
        var end = Instant.parse("2026-03-10T11:59:59.999999Z");

        assertThat(new Line(1, 1, end).extend(NOON, 1).startsAt()).isEqualTo(NOON);
        assertThat(new Line(1, 1, NOON).extend(NOON, 1).startsAt()).isEqualTo(NOON);
    }

    @Test
    void severalPurchasesAtOnceFollowEachOther() {
        var first = new Line(1, 0, null).extend(NOON, 30);
        var second = first.line().extend(NOON, 365);

        assertThat(second.startsAt()).isEqualTo(first.endsAt());
        assertThat(second.seq()).isEqualTo(2);
        assertThat(Duration.between(NOON, second.endsAt())).isEqualTo(Duration.ofDays(395));
    }

    /** Clocks are put forward and back, a leap day comes: a day stays 24 hours, for everybody. */
    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin,    2026-03-28T12:00, 2, 2026-03-30T13:00",
        "Europe/Berlin,    2026-10-24T12:00, 2, 2026-10-26T11:00",
        "America/New_York, 2026-03-07T23:30, 1, 2026-03-09T00:30",
        "Asia/Shanghai,    2026-03-28T12:00, 2, 2026-03-30T12:00",
        "Asia/Shanghai,    2028-02-28T00:00, 2, 2028-03-01T00:00",
    })
    void aDayIs24HoursWhateverTheClocksOnTheWallDo(String zone, String start, int days, String end) {
        var stretch = new Line(1, 0, null).extend(at(zone, start), days);

        assertThat(stretch.endsAt()).isEqualTo(at(zone, end));
        assertThat(Duration.between(stretch.startsAt(), stretch.endsAt())).hasHours(days * 24L);
    }

    private static Instant at(String zone, String local) {
        return ZonedDateTime.of(java.time.LocalDateTime.parse(local), ZoneId.of(zone))
                .toInstant();
    }
}
