package io.tallyhook.payment.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.springframework.http.HttpStatus;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Bodies of the merchant API: an amount is what stands there digit by digit, or the body is refused. */
class ApiBodyFuzzTests {

    private static final JsonMapper JSON = mapper();

    private static JsonMapper mapper() {
        var builder = JsonMapper.builder();
        new StrictJson().strictJsonCustomizer().customize(builder);
        return builder.build();
    }

    @FuzzTest
    void anAmountIsWhatStandsThereOrTheBodyIsRefused(byte[] body) {
        try {
            var refund = JSON.readValue(body, RefundBody.class);
            if (refund != null && refund.amount() != null) {
                assertThat(new String(body, UTF_8).replace("\0", "")).contains(String.valueOf(refund.amount()));
            }
        } catch (JacksonException asItShould) {
            WrongField.in(asItShould)
                    .map(WrongField::refusal)
                    .ifPresent(refusal -> assertThat(refusal.status()).isEqualTo(HttpStatus.BAD_REQUEST));
        }
    }
}
