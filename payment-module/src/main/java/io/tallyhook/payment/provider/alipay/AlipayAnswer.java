package io.tallyhook.payment.provider.alipay;

import io.tallyhook.payment.provider.PaymentGateway.ProviderRefused;
import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import io.tallyhook.payment.provider.Rejection;
import io.tallyhook.payment.provider.wire.NotBelieved;
import io.tallyhook.payment.provider.wire.RsaSha256;
import io.tallyhook.payment.provider.wire.StrictJson;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;

/** The content of an answer of Alipay's gateway, signed by Alipay: its fields that are not empty. */
record AlipayAnswer(Map<String, String> fields) {

    private static final String SUCCESS = "10000";
    private static final String ERROR_ROOT = "error_response";

    /**
     * Failures that say nothing about what has become of an order. Among them those that tell of a trade with this
     * number: it was made by an attempt of ours whose answer was lost.
     */
    private static final Set<String> UNCLEAR = Set.of(
            "ACQ.SYSTEM_ERROR",
            "ACQ.TRADE_HAS_SUCCESS",
            "ACQ.TRADE_HAS_CLOSE",
            "ACQ.CONTEXT_INCONSISTENT",
            "ACQ.INVALID_PARAMETER_TRADE_REPEAT");

    private static final Set<String> FAILURES = Set.of("20001", "40001", "40002", "40004", "40006");

    /**
     * Proves an answer genuine. What is signed is the text of one member of the JSON object, exactly as received.
     *
     * @throws NotBelieved if Alipay did not sign it; also a failure that is not signed
     */
    static AlipayAnswer read(AlipayAccount account, String method, byte[] body) {
        var text = decoded(account, body);
        var parts = Parts.of(text, method.replace('.', '_') + "_response");
        if (parts.sign == null) {
            throw new NotBelieved(Rejection.SIGNATURE_MISSING);
        }
        if (!RsaSha256.verifies(account.alipayPublicKey(), parts.sign, parts.content.getBytes(account.charset()))) {
            throw new NotBelieved(Rejection.SIGNATURE_WRONG);
        }
        var fields = new TreeMap<String, String>();
        StrictJson.object(parts.content).properties().forEach(property -> {
            if (property.getValue().isValueNode()
                    && !property.getValue().asString("").isEmpty()) {
                fields.put(property.getKey(), property.getValue().asString(""));
            }
        });
        return new AlipayAnswer(fields);
    }

    boolean isSuccess() {
        return SUCCESS.equals(fields.get("code"));
    }

    boolean hasSubCode(String subCode) {
        return subCode.equals(fields.get("sub_code"));
    }

    String word(String name) {
        var value = fields.get(name);
        if (value == null) {
            throw new ProviderUnclear("the answer has no " + name, null);
        }
        return value;
    }

    /** What to throw for a failure: refused only if it is sure that nothing was done and nothing will be. */
    RuntimeException failure() {
        var code = fields.getOrDefault("code", "");
        var subCode = fields.getOrDefault("sub_code", code);
        if (FAILURES.contains(code) && !UNCLEAR.contains(subCode) && !subCode.startsWith("isp.")) {
            return new ProviderRefused(
                    subCode, fields.getOrDefault("sub_msg", fields.getOrDefault("msg", "no reason given")));
        }
        return unclear();
    }

    /** What to throw where even a definite failure leaves open what has become of the order. */
    ProviderUnclear unclear() {
        return new ProviderUnclear(
                "code %s %s"
                        .formatted(fields.getOrDefault("code", "?"), fields.getOrDefault("sub_code", ""))
                        .strip(),
                null);
    }

    private static String decoded(AlipayAccount account, byte[] body) {
        try {
            return account.charset().newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException foreign) {
            throw NotBelieved.unparsable("not written in " + account.charset());
        }
    }

    /** The signed text and the signature, found by their place in the JSON text. */
    private record Parts(String content, @Nullable String sign) {

        static Parts of(String text, String root) {
            String content = null;
            String sign = null;
            try (var parser = StrictJson.parser(text)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    throw NotBelieved.unparsable("not a JSON object");
                }
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    var name = parser.currentName();
                    var token = parser.nextToken();
                    if ((name.equals(root) || name.equals(ERROR_ROOT)) && token == JsonToken.START_OBJECT) {
                        if (content != null) {
                            throw new NotBelieved(Rejection.REPEATED_FIELD);
                        }
                        int start = (int) parser.currentTokenLocation().getCharOffset();
                        parser.skipChildren();
                        content = text.substring(
                                start, (int) parser.currentLocation().getCharOffset());
                    } else if (name.equals("sign") && token == JsonToken.VALUE_STRING) {
                        if (sign != null) {
                            throw new NotBelieved(Rejection.REPEATED_FIELD);
                        }
                        sign = parser.getString();
                    } else {
                        parser.skipChildren();
                    }
                }
            } catch (JacksonException malformed) {
                throw NotBelieved.unparsable("not JSON");
            }
            if (content == null) {
                throw NotBelieved.unparsable("has neither %s nor %s".formatted(root, ERROR_ROOT));
            }
            return new Parts(content, sign);
        }
    }
}
