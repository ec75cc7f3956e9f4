package io.tallyhook.payment.web;

import io.tallyhook.payment.Refusal;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;

/**
 * A field of a JSON body that could not be read.
 *
 * @param name as the caller wrote it, such as {@code items[0].quantity}
 * @param rule what is wrong with it, to be read after its name
 */
record WrongField(String name, String rule) {

    private static final Pattern REPEATED = Pattern.compile("^Duplicate Object property \"([^\"]{1,100})\"");

    /** The field that this is about; empty if the whole body is no JSON. */
    static Optional<WrongField> in(JacksonException unreadable) {
        var path = path(unreadable);
        var repeated = REPEATED.matcher(unreadable.getOriginalMessage());
        if (repeated.find()) {
            var prefix = path.isEmpty() ? "" : path + ".";
            return Optional.of(new WrongField(prefix + repeated.group(1), "stands there twice"));
        }
        if (path.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new WrongField(path, rule(unreadable)));
    }

    private static String rule(JacksonException unreadable) {
        return switch (unreadable) {
            case InputCoercionException tooLarge -> "is out of range";
            case StreamReadException malformed -> "is not valid JSON";
            default -> "is unknown or of the wrong kind";
        };
    }

    Refusal refusal() {
        return Refusal.badField(name, rule);
    }

    private static String path(JacksonException unreadable) {
        var path = new StringBuilder();
        for (var step : unreadable.getPath()) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        }
        return path.toString();
    }
}
