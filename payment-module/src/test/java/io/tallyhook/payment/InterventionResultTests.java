package io.tallyhook.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.payment.InterventionResult.Code;
import io.tallyhook.payment.callback.CallbackDetail.Intervention;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

class InterventionResultTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RETRIED             | FAILED             | was FAILED",
                "RETRIED_WITH_OTHERS | FAILED,12          | was FAILED, with retry 12",
                "ANSWERED            | PAID,CONFIRMED     | answered PAID, CONFIRMED",
                "ANSWERED_IN_VAIN    | UNCLEAR            | answered UNCLEAR, nothing booked",
                "GIVING_UP           | F01,FAILED,he said | F01 as FAILED: he said",
                "RELEASE_CONFIRMED   | REFUND,20.00 CNY   | REFUND of 20.00 CNY",
            })
    void is_stored_as_the_sentence_that_the_api_has_always_told(Code code, String values, String english) {
        assertThat(InterventionResult.of(code, (Object[]) values.split(",")).english())
                .isEqualTo(english);
    }

    @ParameterizedTest
    @EnumSource
    void is_read_as_it_was_stored(Code code) {
        var values = code.kinds().stream().map(Enum::name).toArray(String[]::new);

        assertThat(InterventionResult.read(code.name(), values))
                .hasValue(InterventionResult.of(code, (Object[]) values));
    }

    @Test
    void the_api_tells_the_sentence_and_nothing_more() {
        var result = InterventionResult.of(Code.RETRIED, "FAILED");
        var told = new Intervention(Instant.EPOCH, "mei", "RETRY_FULFILMENT", result.english(), result);

        assertThat(JsonMapper.shared().valueToTree(told).propertyNames())
                .containsExactlyInAnyOrder("at", "actor", "action", "result");
    }

    @Test
    void what_a_later_version_has_written_is_not_read() {
        assertThat(InterventionResult.read("TOLD_TO_THE_MOON", "7")).isEmpty();
        assertThat(InterventionResult.read("RETRIED", "FAILED", "and more")).isEmpty();
    }

    @Test
    void a_value_too_few_or_too_many_is_refused() {
        assertThatThrownBy(() -> InterventionResult.of(Code.RETRIED)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> InterventionResult.of(Code.UNMASKED, "7"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
