package io.tallyhook.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserIdTests {

    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "u_1.x@shop:cn-2", "-", "AZaz09"})
    void the_shops_own_text_is_taken_as_it_is(String text) {
        assertThat(new UserId(text)).hasToString(text);
    }

    @Test
    void sixty_four_characters_are_the_most() {
        assertThat(new UserId("x".repeat(64)).value()).hasSize(64);
        assertThatThrownBy(() -> new UserId("x".repeat(65))).isInstanceOf(Refusal.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\n", "ä", "用户", "a/b", "a'b", "a\0", "a,b", "<b>"})
    void anything_else_is_the_callers_mistake_with_the_fields_name(String text) {
        assertThatThrownBy(() -> new UserId(text)).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.status().value()).isEqualTo(400);
            assertThat(refusal.detail()).startsWith("userId must be");
        });
    }

    /** The values are CRC-32 as everybody computes it: {@code crc32("123456789") = 0xCBF43926}. */
    @ParameterizedTest
    @CsvSource({"123456789, 294", "a, 579"})
    void the_shard_is_the_checksum_modulo_1024(String text, int shard) {
        assertThat(new UserId(text).shard()).isEqualTo(shard);
    }
}
