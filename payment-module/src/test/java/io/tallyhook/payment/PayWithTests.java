package io.tallyhook.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class PayWithTests {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Validator VALIDATOR =
            Validation.buildDefaultValidatorFactory().getValidator();

    @Test
    void what_only_the_method_knows_is_handed_on_as_its_fields() {
        var payWith = read("""
                {"provider": "wechat", "account": "shop-2", "method": "jsapi", "expiresInSeconds": 60, "openid": "o1"}
                """);

        assertThat(payWith.channel())
                .isEqualTo(new PaymentRequest.Channel(
                        "wechat", "shop-2", "jsapi", Duration.ofSeconds(60), Map.of("openid", "o1")));
    }

    @Test
    void an_account_that_is_left_out_is_left_to_the_provider() {
        var channel = read("""
                {"provider": "wallet", "method": "balance"}""").channel();

        assertThat(channel.account()).isNull();
        assertThat(channel.expiresIn()).isNull();
        assertThat(channel.fields()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"method\": \"native\"}", "{\"provider\": \" \", \"method\": \"native\"}"})
    void the_provider_must_be_named(String body) {
        assertThat(wrong(body)).containsExactly("provider");
    }

    @Test
    void the_method_must_be_named() {
        assertThat(wrong("{\"provider\": \"wechat\"}")).containsExactly("method");
    }

    @ParameterizedTest
    @CsvSource({"59, false", "60, true", "604800, true", "604801, false", "0, false", "-1, false"})
    void it_may_be_payable_for_a_minute_to_a_week(long seconds, boolean allowed) {
        var body = "{\"provider\": \"wechat\", \"method\": \"native\", \"expiresInSeconds\": %d}".formatted(seconds);

        assertThat(wrong(body).isEmpty()).isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "null", "{}", "[\"x\"]"})
    void a_field_of_the_method_is_a_text_and_nothing_else(String value) {
        assertThatThrownBy(() ->
                        read("{\"provider\": \"wechat\", \"method\": \"jsapi\", \"openid\": %s}".formatted(value)))
                .hasStackTraceContaining("openid is unknown or must be a text");
    }

    private static PayWith read(String body) {
        return JSON.readValue(body, PayWith.class);
    }

    private static List<String> wrong(String body) {
        return VALIDATOR.validate(read(body)).stream()
                .map(violation -> violation.getPropertyPath().toString())
                .toList();
    }
}
