package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two values beside each other: the part that differs is marked, and nothing is lost. */
class MarkedTextTests {

    @ParameterizedTest
    @CsvSource({
        "19.99,    18.99,     1,     9,     .99",
        "19.99,    0.01,      '',    19.99, ''",
        "wx123,    wx123,     wx123, '',    ''",
        "wechat/a, wechat/ab, wechat/a, '', ''",
        "1001,     101,       10,    0,     1",
        "—,        P01,       '',    —,     ''",
    })
    void onlyWhatDiffersIsMarked(String text, String other, String before, String differing, String after) {
        assertThat(MarkedText.of(text, other)).isEqualTo(new MarkedText(before, differing, after));
    }

    @Test
    void aCharacterThatJavaStoresInTwoIsNeverCut() {
        var grinning = MarkedText.of("a😀b", "a😃b");

        assertThat(grinning).isEqualTo(new MarkedText("a", "😀", "b"));
    }

    @ParameterizedTest
    @CsvSource({"19.99, 18.99", "'', x", "x, ''", "aaa, aa", "😀😀, 😀", "😃😀, 😀"})
    void theWholeTextIsAlwaysThere(String text, String other) {
        assertThat(MarkedText.of(text, other).whole()).isEqualTo(text);
    }
}
