package io.tallyhook.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchTermTests {

    @ParameterizedTest
    @ValueSource(strings = {"", "P01", "' OR 1=1 --", "用户 %_\\", "<b>"})
    void any_text_that_a_row_could_hold_may_be_searched_for(String text) {
        assertThat(SearchTerm.text("number", text)).isEqualTo(text);
    }

    @Test
    void what_is_not_asked_for_does_not_limit() {
        assertThat(SearchTerm.text("number", null)).isNull();
        assertThat(SearchTerm.time("from", null)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "a\0b", "a\nb", "\u0085"})
    void a_control_character_is_the_callers_mistake_with_the_fields_name(String text) {
        assertThatThrownBy(() -> SearchTerm.text("number", text)).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.status().value()).isEqualTo(400);
            assertThat(refusal.detail()).startsWith("number must be");
        });
    }

    @Test
    void two_hundred_and_fifty_six_characters_are_the_most() {
        assertThat(SearchTerm.text("number", "x".repeat(256))).hasSize(256);
        assertThatThrownBy(() -> SearchTerm.text("number", "x".repeat(257))).isInstanceOf(Refusal.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0001-01-01T00:00:00Z", "2026-11-23T10:00:00Z", "9999-12-31T23:59:59.999999Z"})
    void a_time_that_can_be_stored_may_be_searched_for(Instant time) {
        assertThat(SearchTerm.time("from", time)).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000-12-31T23:59:59Z",
                "+10000-01-01T00:00:00Z",
                "-1000000000-01-01T00:00:00Z",
                "+1000000000-12-31T23:59:59.999999999Z"
            })
    void a_time_that_no_database_knows_is_refused(Instant time) {
        assertThatThrownBy(() -> SearchTerm.time("from", time))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("from must be");
    }
}
