package io.tallyhook.payment.provider.wechat;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.provider.Rejection;
import io.tallyhook.payment.provider.wire.NotBelieved;
import io.tallyhook.payment.provider.wire.Plausible;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads fields by their path, such as {@code amount.total}; what is not as it must be is {@link NotBelieved}. */
record JsonFields(ObjectNode node) {

    boolean has(String path) {
        return !at(path).isMissingNode() && !at(path).isNull();
    }

    JsonFields object(String path) {
        if (at(path) instanceof ObjectNode object) {
            return new JsonFields(object);
        }
        throw NotBelieved.unparsable(path + " is not an object");
    }

    /** Any text; empty if there is no such field. */
    Optional<String> text(String path) {
        if (!has(path)) {
            return Optional.empty();
        }
        if (!at(path).isString()) {
            throw NotBelieved.unparsable(path + " is not text");
        }
        return Optional.of(at(path).stringValue());
    }

    Optional<String> optionalWord(String path) {
        return text(path).map(word -> Plausible.word(path, word));
    }

    String word(String path) {
        return optionalWord(path).orElseThrow(() -> missing(path));
    }

    /** An amount in minor units: a JSON integer, nothing that would need rounding or guessing. */
    Money money(String path, String currencyCode) {
        if (!has(path)) {
            throw missing(path);
        }
        if (!at(path).isIntegralNumber() || !at(path).canConvertToLong()) {
            throw new NotBelieved(
                    Rejection.AMOUNT_NOT_EXACT, path + ", a whole number of minor units", at(path).toString());
        }
        try {
            return Plausible.amount(path, Money.of(at(path).longValue(), currencyCode));
        } catch (IllegalArgumentException noSuchCurrency) {
            throw NotBelieved.unparsable("there is no currency " + currencyCode);
        }
    }

    Optional<Instant> optionalTime(String path) {
        return optionalWord(path).map(text -> {
            try {
                return Plausible.time(path, OffsetDateTime.parse(text).toInstant());
            } catch (DateTimeException malformed) {
                throw NotBelieved.unparsable(path + " is not a time: " + text);
            }
        });
    }

    Instant time(String path) {
        return optionalTime(path).orElseThrow(() -> missing(path));
    }

    private JsonNode at(String path) {
        JsonNode at = node;
        for (var name : path.split("\\.")) {
            at = at.path(name);
        }
        return at;
    }

    private static NotBelieved missing(String path) {
        return NotBelieved.unparsable(path + " is missing");
    }
}
