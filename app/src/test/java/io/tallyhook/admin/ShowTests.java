package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.i18n.LocaleContextHolder;

/** Values as people read them. */
class ShowTests {

    private final Show show = new Show(ResultsTests.messages());

    @AfterEach
    void noLanguage() {
        LocaleContextHolder.resetLocaleContext();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1|¥0.01",
                "1999|¥19.99",
                "100000|¥1,000.00",
                "123456789|¥1,234,567.89",
                "10000000000|¥100,000,000.00",
                "0|¥0.00",
                "-1999|−¥19.99",
                "9223372036854775807|¥92,233,720,368,547,758.07"
            })
    void moneyIsExactAndGrouped(long fen, String text) {
        assertThat(show.money(Money.fen(fen))).isEqualTo(text);
    }

    @Test
    void moneyOfAnotherCurrencyNamesIt() {
        assertThat(show.money(Money.of(123456, "JPY"))).isEqualTo("123,456 JPY");
    }

    @Test
    void whatComesAndGoesHasItsSign() {
        assertThat(show.signed(Money.fen(1))).isEqualTo("+¥0.01");
        assertThat(show.signed(Money.fen(-1))).isEqualTo("−¥0.01");
        assertThat(show.signed(Money.fen(0))).isEqualTo("¥0.00");
    }

    @Test
    void timeIsBeijingTimeWithUtcBesideIt() {
        var instant = Instant.parse("2026-11-23T20:15:30.120Z");
        assertThat(show.beijing(instant)).isEqualTo("2026-11-24 04:15:30");
        assertThat(show.utc(instant)).isEqualTo("2026-11-23 20:15:30.120 UTC");
    }

    @Test
    void aStateNobodyToldUsAboutIsQuiet() {
        assertThat(show.tone("SOMETHING_NEW")).isEqualTo("quiet");
        assertThat(show.tone("MISMATCH")).isEqualTo("bad");
    }

    @Test
    void aDurationIsSaidInTheLargestUnitThatFits() {
        LocaleContextHolder.setLocale(Locale.ENGLISH);
        assertThat(show.duration(Duration.ofMillis(900))).isEqualTo("0 s");
        assertThat(show.duration(Duration.ofSeconds(119))).isEqualTo("119 s");
        assertThat(show.duration(Duration.ofMinutes(2))).isEqualTo("2 min");
        assertThat(show.duration(Duration.ofHours(5))).isEqualTo("5 h");
        assertThat(show.duration(Duration.ofDays(194))).isEqualTo("194 d");
        LocaleContextHolder.setLocale(Locale.SIMPLIFIED_CHINESE);
        assertThat(show.duration(Duration.ofMinutes(2))).isEqualTo("2 分钟");
        assertThat(show.duration(Duration.ofDays(194))).isEqualTo("194 天");
    }
}
