package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** JSON for people's eyes. */
class JsonTests {

    private final Json json = new Json();

    @Test
    void everyNumberKeepsAllOfItsDigits() {
        assertThat(json.pretty("{\"id\":12345678901234567890123,\"fee\":0.1000,\"small\":1e-7}"))
                .contains("12345678901234567890123", "0.1000");
    }

    @Test
    void whatIsNoJsonStaysAsItIs() {
        assertThat(json.pretty("trade_no=1&<b>")).isEqualTo("trade_no=1&<b>");
    }

    @Test
    void aNumberWithAnAbsurdExponentIsNoTroubleEither() {
        var absurd = "{\"fee\":1e9999999999999999999999999}";

        assertThat(json.pretty(absurd)).isEqualTo(absurd);
        assertThat(json.pretty("{\"fee\":1e999999999}")).hasSizeLessThan(40);
    }
}
