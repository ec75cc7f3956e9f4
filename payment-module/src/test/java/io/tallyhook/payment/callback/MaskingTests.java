package io.tallyhook.payment.callback;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskingTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"openid\":\"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o\"} | {\"openid\":\"oU***6o\"}",
                "{\"payer\" : { \"openid\" : \"oUpF8uMuAJO\" }} | {\"payer\" : { \"openid\" : \"oU***JO\" }}",
                "{\"buyer_logon_id\":\"a@b.cn\"} | {\"buyer_logon_id\":\"***\"}",
                "{\"name\":\"\"} | {\"name\":\"***\"}",
                "{\"phone\":\"13800138000\",\"x\":\"y\"} | {\"phone\":\"13***00\",\"x\":\"y\"}",
                "{\"name\":\"a\\\"openid\\\":\\\"secret\"} | {\"name\":\"a\\***et\"}",
                "buyer_id=2088000000000001&app_id=2021 | buyer_id=20***01&app_id=2021",
                "app_id=2021&seller_email=shop%40example.com | app_id=2021&seller_email=sh***om",
                "{\"transaction_id\":\"4200001234\"} | {\"transaction_id\":\"4200001234\"}",
                "out_trade_no=P1234567&trade_no=2026 | out_trade_no=P1234567&trade_no=2026"
            })
    void personal_data_are_hidden_and_everything_else_stays(String text, String masked) {
        assertThat(Masking.mask(text)).isEqualTo(masked);
    }

    @Test
    void a_dollar_sign_or_backslash_in_a_value_is_only_a_character() {
        assertThat(Masking.mask("{\"openid\":\"$1\\\\234567$0\"}")).isEqualTo("{\"openid\":\"$1***$0\"}");
    }

    /** Anybody can send such a body; a person who looks at it must still see the page. */
    @Test
    void a_very_long_value_is_masked_too() {
        var plain = "x".repeat(250_000);
        var escaped = "\\\"".repeat(100_000);

        assertThat(Masking.mask("{\"openid\":\"" + plain + "\"}")).isEqualTo("{\"openid\":\"xx***xx\"}");
        assertThat(Masking.mask("{\"openid\":\"" + escaped + "\"}")).hasSizeLessThan(40);
        assertThat(Masking.mask("{\"openid\":\"" + plain)).hasSize(250_011);
        assertThat(Masking.mask("buyer_id=" + plain)).isEqualTo("buyer_id=xx***xx");
    }
}
