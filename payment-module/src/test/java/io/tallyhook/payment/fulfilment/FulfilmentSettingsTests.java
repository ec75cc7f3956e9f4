package io.tallyhook.payment.fulfilment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class FulfilmentSettingsTests {

    private final FulfilmentSettings settings = new Binder(new MapConfigurationPropertySource(Map.of()))
            .bindOrCreate("tallyhook.fulfilment", FulfilmentSettings.class);

    @Test
    void the_gaps_double_from_the_first_to_the_longest_and_stay_there() {
        assertThat(settings.gap(1)).isEqualTo(Duration.ofSeconds(15));
        assertThat(settings.gap(2)).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.gap(3)).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings.gap(10)).isEqualTo(Duration.ofHours(2));
        assertThat(settings.gap(Integer.MAX_VALUE)).isEqualTo(Duration.ofHours(2));
    }

    @Test
    void no_gap_is_shorter_than_the_one_before_or_than_the_first() {
        for (int attempts = 0; attempts < 1000; attempts++) {
            assertThat(settings.gap(attempts)).isBetween(settings.firstGap(), settings.maxGap());
            assertThat(settings.gap(attempts + 1)).isGreaterThanOrEqualTo(settings.gap(attempts));
        }
    }

    @Test
    void what_failed_together_is_spread_over_a_fifth_of_the_gap_and_never_tried_sooner() {
        var random = RandomGenerator.of("L64X128MixRandom");
        var seen = new TreeSet<Duration>();
        for (int i = 0; i < 1000; i++) {
            seen.add(settings.spreadGap(3, random));
        }
        assertThat(seen.getFirst())
                .isGreaterThanOrEqualTo(Duration.ofSeconds(60))
                .isLessThan(Duration.ofSeconds(62));
        assertThat(seen.getLast()).isLessThanOrEqualTo(Duration.ofSeconds(72)).isGreaterThan(Duration.ofSeconds(70));
    }

    @Test
    void even_spread_a_gap_is_shorter_than_the_next_until_they_do_not_grow_any_more() {
        for (int attempts = 1; settings.gap(attempts + 1).compareTo(settings.maxGap()) < 0; attempts++) {
            assertThat(settings.gap(attempts).multipliedBy(6).dividedBy(5)).isLessThan(settings.gap(attempts + 1));
        }
    }

    @Test
    void what_must_wait_is_asked_for_every_half_minute_unless_told_otherwise() {
        var told = new Binder(new MapConfigurationPropertySource(Map.of("tallyhook.fulfilment.wait", "2m")))
                .bindOrCreate("tallyhook.fulfilment", FulfilmentSettings.class);

        assertThat(settings.waitingGap()).isEqualTo(Duration.ofSeconds(30));
        assertThat(told.waitingGap()).isEqualTo(Duration.ofMinutes(2));
    }

    /** c13: neither spent within minutes nor dragged out for weeks. */
    @Test
    void all_attempts_together_take_about_a_day() {
        var all = Duration.ZERO;
        for (int attempts = 1; attempts <= settings.maxAttempts(); attempts++) {
            all = all.plus(settings.gap(attempts));
        }
        assertThat(all).isBetween(Duration.ofHours(18), Duration.ofHours(36));
    }
}
