package io.tallyhook.payment.provider.wire;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_32;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.payment.provider.Rejection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTests {

    @Test
    void an_object_is_read_with_its_numbers_as_they_are() {
        var object = StrictJson.object("{\"a\":0.10,\"b\":9007199254740993,\"c\":null} ");

        assertThat(object.toString()).isEqualTo("{\"a\":0.10,\"b\":9007199254740993,\"c\":null}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "true",
                "1",
                "\"text\"",
                "[{}]",
                "{",
                "{}{}",
                "{} x",
                "{}]",
                "{'a':1}",
                "{a:1}",
                "{\"a\":1,}",
                "{\"a\":01}",
                "{\"a\":NaN}",
                "{\"a\":+1}",
                "{\"a\":.1}",
                "{\"a\":1e9999999999999999999999999}",
                "{/**/}",
                "{\"a\":\"\n\"}"
            })
    void everything_else_is_not(String text) {
        assertRejected(text, Rejection.UNPARSABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1,\"a\":1}", "{\"a\":{\"b\":1,\"b\":2}}", "{\"a\":[{\"b\":1,\"\\u0062\":2}]}"})
    void no_field_may_come_twice(String text) {
        assertRejected(text, Rejection.REPEATED_FIELD);
    }

    @Test
    void depth_and_numbers_are_bounded() {
        assertThat(StrictJson.object(nested(31))).isNotNull();
        assertRejected(nested(33), Rejection.UNPARSABLE);
        assertRejected("{\"a\":" + "9".repeat(41) + "}", Rejection.UNPARSABLE);
        assertThat(StrictJson.pretty(StrictJson.object("{\"a\":1e999999999}"))).hasSizeLessThan(40);
    }

    /** Jackson would guess from the first bytes what encoding it is, and fails in a way of its own where none fits. */
    @Test
    void bytes_are_utf_8_or_nothing() {
        assertThat(StrictJson.object("{\"a\":\"中\"}".getBytes(UTF_8)).toString())
                .isEqualTo("{\"a\":\"中\"}");
        for (var bytes : List.of(
                "{\"a\":1}".getBytes(UTF_16),
                "{\"a\":1}".getBytes(UTF_32),
                new byte[] {0, 8, 0, 0, '0', '['},
                new byte[] {'{', '"', (byte) 0xFF, '"', ':', '1', '}'})) {
            assertThatThrownBy(() -> StrictJson.object(bytes))
                    .isInstanceOfSatisfying(
                            NotBelieved.class,
                            it -> assertThat(it.verdict().reason()).isEqualTo(Rejection.UNPARSABLE));
        }
    }

    private static String nested(int levels) {
        return "{\"a\":".repeat(levels) + "1" + "}".repeat(levels);
    }

    private static void assertRejected(String text, Rejection reason) {
        assertThatThrownBy(() -> StrictJson.object(text))
                .isInstanceOfSatisfying(
                        NotBelieved.class,
                        it -> assertThat(it.verdict().reason()).isEqualTo(reason));
    }
}
