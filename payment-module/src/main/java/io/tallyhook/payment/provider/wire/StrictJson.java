package io.tallyhook.payment.provider.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tallyhook.payment.provider.Rejection;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON with one meaning only: one object, no field twice, nothing after its end, bounded depth and numbers, no number
 * ever rounded.
 */
public final class StrictJson {

    private static final int DEEPEST = 32;
    private static final int LONGEST_NUMBER = 40;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxNumberLength(LONGEST_NUMBER)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private StrictJson() {}

    /** @throws NotBelieved if these bytes are not such JSON, written in UTF-8: no other encoding is guessed */
    public static ObjectNode object(byte[] json) {
        try {
            var text = UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
            // A byte order mark in front may be ignored (RFC 8259, section 8.1).
            return object(text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (CharacterCodingException foreign) {
            throw NotBelieved.unparsable("not written in UTF-8");
        }
    }

    /** @throws NotBelieved if this text is not such JSON */
    public static ObjectNode object(String json) {
        return object(MAPPER.createParser(json));
    }

    /** A parser with the same bounds, for those who need to know where something stands. */
    public static JsonParser parser(String json) {
        return MAPPER.createParser(json);
    }

    public static ObjectNode empty() {
        return MAPPER.createObjectNode();
    }

    public static String pretty(ObjectNode node) {
        return MAPPER.writeValueAsString(node);
    }

    private static ObjectNode object(JsonParser parser) {
        try (parser) {
            if (!(MAPPER.readTree(parser) instanceof ObjectNode object)) {
                throw NotBelieved.unparsable("not a JSON object");
            }
            if (parser.nextToken() != null) {
                throw NotBelieved.unparsable("something follows the JSON object");
            }
            return object;
        } catch (MismatchedInputException repeated) {
            throw new NotBelieved(Rejection.REPEATED_FIELD);
        } catch (JacksonException | NumberFormatException | ArithmeticException malformed) {
            // The latter two are what a number with an absurd exponent ends in.
            throw NotBelieved.unparsable("not JSON");
        }
    }
}
