package io.tallyhook.payment.provider.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** JSON that somebody else wrote. */
class StrictJsonFuzzTests {

    @FuzzTest
    void textHasOneMeaningOrNone(byte[] json) {
        try {
            var object = StrictJson.object(json);
            assertThat(StrictJson.object(object.toString()).toString()).isEqualTo(object.toString());
            assertThat(StrictJson.pretty(object)).startsWith("{");
        } catch (NotBelieved asItShould) {
            assertThat(asItShould).hasNoCause();
        }
    }
}
