package io.tallyhook.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagingTests {

    @Test
    void fifty_lines_from_the_start_are_the_default() {
        assertThat(Paging.of(null, null)).isEqualTo(new Paging(50, null));
        assertThat(Paging.of(null, " ").cursor()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 50, 200})
    void one_to_two_hundred_lines_may_be_asked_for(int limit) {
        assertThat(Paging.of(limit, null).limit()).isEqualTo(limit);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 201, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void any_other_number_is_the_callers_mistake(int limit) {
        assertThatThrownBy(() -> Paging.of(limit, null))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.detail()).isEqualTo("limit must be 1 to 200."));
    }

    @Test
    void a_cursor_that_is_not_ours_is_refused() {
        assertThat(Paging.of(1, "42").cursorOr(7)).isEqualTo(42);
        assertThat(Paging.of(1, null).cursorOr(7)).isEqualTo(7);
        assertThatThrownBy(() -> Paging.of(1, "4x").cursorOr(7)).isInstanceOf(Refusal.class);
    }

    @Test
    void the_row_that_is_too_many_only_tells_that_there_is_a_next_page() {
        assertThat(Page.of(List.of("a", "b", "c"), 2, row -> "after-" + row))
                .isEqualTo(new Page<>(List.of("a", "b"), "after-b"));
    }

    @Test
    void the_last_page_has_no_cursor_even_if_it_is_full() {
        assertThat(Page.of(List.of("a", "b"), 2, row -> row)).isEqualTo(new Page<>(List.of("a", "b"), null));
        assertThat(Page.of(List.<String>of(), 2, row -> row).nextCursor()).isNull();
    }
}
