package io.tallyhook.payment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;

/**
 * A request that cannot be done, said so that a person can act on it. At the web edge it becomes a problem document
 * (RFC 9457): {@link #type()} is the stable suffix of its {@code type}, the message its {@code detail}.
 */
public final class Refusal extends RuntimeException {

    private final HttpStatus status;
    private final String type;
    private final transient Map<String, Object> properties = new LinkedHashMap<>();

    private Refusal(HttpStatus status, String type, String detail) {
        super(detail);
        this.status = status;
        this.type = type;
    }

    /** 404: what was asked for does not exist. */
    public static Refusal notFound(String what, String id) {
        return new Refusal(HttpStatus.NOT_FOUND, "not-found", "There is no %s %s.".formatted(what, id));
    }

    /**
     * 400: a field of the request is wrong.
     *
     * @param field the field's name as the caller wrote it, such as {@code items[0].quantity}
     * @param rule what the field must be, to be read after its name: {@code must be a whole number of fen}
     */
    public static Refusal badField(String field, String rule) {
        return new Refusal(HttpStatus.BAD_REQUEST, "bad-request", "%s %s.".formatted(field, rule))
                .with("errors", List.of(Map.of("field", field, "message", rule)));
    }

    /**
     * 409: the state of things does not allow it.
     *
     * @param type the problem's stable suffix, such as {@code order-already-paid}
     */
    public static Refusal conflict(String type, String detail) {
        return new Refusal(HttpStatus.CONFLICT, type, detail);
    }

    /** Any other status, such as 502 when a provider refused. */
    public static Refusal of(HttpStatus status, String type, String detail) {
        return new Refusal(status, type, detail);
    }

    /** Adds a member to the problem document. */
    public Refusal with(String property, Object value) {
        properties.put(property, value);
        return this;
    }

    public HttpStatus status() {
        return status;
    }

    /** The stable suffix of the problem's {@code type}. */
    public String type() {
        return type;
    }

    /** Further members of the problem document. */
    public Map<String, Object> properties() {
        return Map.copyOf(properties);
    }

    /** The sentence for the caller. */
    public String detail() {
        return String.valueOf(getMessage());
    }
}
