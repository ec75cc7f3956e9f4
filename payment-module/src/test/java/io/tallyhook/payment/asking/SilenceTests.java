package io.tallyhook.payment.asking;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.asking.Silence.Cause;
import io.tallyhook.payment.asking.Silence.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** When it is silent, and when it is only quiet. */
class SilenceTests {

    private static final Instant NOW = Instant.parse("2026-03-01T03:00:00Z");

    private final SilenceSettings settings = settings();
    private final Silence silence = new Silence(settings);

    static SilenceSettings settings() {
        return new Binder(new MapConfigurationPropertySource(Map.of()))
                .bindOrCreate("tallyhook.silence", SilenceSettings.class);
    }

    @Test
    void a_shop_that_sells_nothing_at_night_is_not_silent() {
        assertThat(silence.judge(heardBefore(Duration.ofHours(8), 10_000, 8_000, 0, 0, 0)))
                .isEmpty();
    }

    @Test
    void payments_opened_as_usual_without_a_callback_are_an_alarm() {
        assertThat(silence.judge(heardBefore(Duration.ofMinutes(20), 10_000, 5_000, 20, 0, 0)))
                .contains(new Finding(Cause.NONE_FOR_OPENED, 10));
    }

    @Test
    void a_few_that_were_not_paid_are_chance() {
        assertThat(silence.judge(heardBefore(Duration.ofMinutes(20), 10_000, 5_000, 19, 0, 0)))
                .isEmpty();
    }

    @Test
    void where_few_who_open_pay_more_must_be_missing() {
        assertThat(silence.judge(heardBefore(Duration.ofHours(1), 10_000, 100, 900, 0, 0)))
                .isEmpty();
        assertThat(silence.judge(heardBefore(Duration.ofHours(1), 10_000, 100, 1_000, 0, 0)))
                .contains(new Finding(Cause.NONE_FOR_OPENED, 10));
    }

    @Test
    void what_the_provider_itself_calls_unpaid_is_not_missing() {
        assertThat(silence.judge(heardBefore(Duration.ofHours(1), 10_000, 8_000, 5_000, 4_995, 0)))
                .isEmpty();
    }

    @Test
    void an_account_that_nothing_is_known_of_is_not_silent_however_much_is_opened() {
        assertThat(silence.judge(new Traffic(NOW, Optional.empty(), 0, 0, 1_000, 0, 0)))
                .isEmpty();
        assertThat(silence.judge(heardBefore(Duration.ofHours(1), 19, 19, 1_000, 0, 0)))
                .isEmpty();
    }

    @Test
    void payments_that_only_a_question_found_paid_are_an_alarm_even_where_little_is_sold() {
        assertThat(silence.judge(heardBefore(Duration.ofHours(30), 5, 5, 3, 0, 3)))
                .map(Finding::cause)
                .contains(Cause.FOUND_PAID);
    }

    @Test
    void an_account_that_never_called_is_an_alarm_once_payments_are_found_paid() {
        assertThat(silence.judge(new Traffic(NOW, Optional.empty(), 0, 0, 3, 0, 3)))
                .contains(new Finding(Cause.FOUND_PAID, 0));
    }

    @Test
    void one_or_two_lost_callbacks_are_no_silence() {
        assertThat(silence.judge(heardBefore(Duration.ofHours(3), 5, 5, 2, 0, 2)))
                .isEmpty();
    }

    @Test
    void whoever_called_a_moment_ago_is_not_silent_whatever_else_is_seen() {
        assertThat(silence.judge(heardBefore(Duration.ofMinutes(4), 10_000, 8_000, 1_000, 0, 50)))
                .isEmpty();
    }

    @Test
    void more_callbacks_than_payments_do_not_make_more_than_each_expected() {
        assertThat(silence.judge(heardBefore(Duration.ofMinutes(20), 100, 300, 9, 0, 0)))
                .isEmpty();
    }

    @Test
    void more_answers_than_openings_do_not_make_less_than_nothing_expected() {
        assertThat(silence.judge(heardBefore(Duration.ofMinutes(20), 100, 100, 5, 50, 0)))
                .isEmpty();
    }

    private static Traffic heardBefore(
            Duration ago, long usuallyOpened, long usuallyTold, long openedSince, long unpaid, long found) {
        return new Traffic(NOW, Optional.of(NOW.minus(ago)), usuallyOpened, usuallyTold, openedSince, unpaid, found);
    }
}
