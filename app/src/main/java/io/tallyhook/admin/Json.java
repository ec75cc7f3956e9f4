package io.tallyhook.admin;

import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON for people's eyes: indented, every number with all of its digits. */
@Component
class Json {

    private final JsonMapper mapper = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    /** The same JSON on many lines; a text that is no JSON as it is. */
    String pretty(String text) {
        try {
            return mapper.writeValueAsString(mapper.readTree(text));
        } catch (JacksonException | NumberFormatException | ArithmeticException e) {
            // The latter two are what a number with an absurd exponent ends in.
            return text;
        }
    }
}
