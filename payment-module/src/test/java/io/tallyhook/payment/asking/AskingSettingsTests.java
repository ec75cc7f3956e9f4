package io.tallyhook.payment.asking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class AskingSettingsTests {

    private final AskingSettings settings = settings(Map.of());

    static AskingSettings settings(Map<String, String> told) {
        return new Binder(new MapConfigurationPropertySource(told))
                .bindOrCreate("tallyhook.asking", AskingSettings.class);
    }

    @Test
    void the_gaps_rise_from_half_a_minute_over_minutes_and_hours_to_a_day() {
        assertThat(settings.gap(0, false)).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.gap(1, false)).isEqualTo(Duration.ofSeconds(90));
        assertThat(settings.gap(3, false)).isEqualTo(Duration.ofSeconds(810));
        assertThat(settings.gap(5, false)).isBetween(Duration.ofHours(2), Duration.ofHours(3));
        assertThat(settings.gap(8, false)).isEqualTo(Duration.ofDays(1));
        assertThat(settings.gap(Integer.MAX_VALUE, false)).isEqualTo(Duration.ofDays(1));
    }

    @Test
    void no_gap_is_shorter_than_the_one_before() {
        for (int asked = 0; asked < 100; asked++) {
            assertThat(settings.gap(asked + 1, false)).isGreaterThanOrEqualTo(settings.gap(asked, false));
            assertThat(settings.gap(asked + 1, true)).isGreaterThanOrEqualTo(settings.gap(asked, true));
        }
    }

    @Test
    void while_callbacks_do_not_come_every_gap_is_shorter_and_two_minutes_at_most() {
        for (int asked = 0; asked < 100; asked++) {
            assertThat(settings.gap(asked, true))
                    .isLessThan(settings.gap(asked, false))
                    .isLessThanOrEqualTo(Duration.ofMinutes(2));
        }
    }

    @Test
    void what_got_no_usable_answer_is_asked_again_within_minutes_however_often_it_was_asked() {
        assertThat(settings.unclearGap(1, false)).isEqualTo(settings.gap(1, false));
        assertThat(settings.unclearGap(50, false)).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.unclearGap(50, true)).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void a_gap_is_spread_by_a_tenth_at_most() {
        var gap = Duration.ofSeconds(100);
        var random = RandomGenerator.of("L64X128MixRandom");
        for (int i = 0; i < 1000; i++) {
            assertThat(AskingSettings.spread(gap, random)).isBetween(Duration.ofSeconds(90), Duration.ofSeconds(110));
        }
    }

    @Test
    void asking_with_no_budget_at_all_is_refused_by_name() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AskingSettings(
                        true,
                        settings.every(),
                        settings.firstGap(),
                        settings.maxGap(),
                        settings.unclearGap(),
                        settings.silentFirstGap(),
                        settings.silentMaxGap(),
                        0,
                        1,
                        settings.lease(),
                        settings.keep()))
                .withMessageContaining("tallyhook.asking.per-second");
    }
}
