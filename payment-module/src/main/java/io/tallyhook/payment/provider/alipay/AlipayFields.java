package io.tallyhook.payment.provider.alipay;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.provider.Rejection;
import io.tallyhook.payment.provider.wire.NotBelieved;
import io.tallyhook.payment.provider.wire.Plausible;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;

/** Reads fields by name; what is not as it must be is {@link NotBelieved}. */
record AlipayFields(Map<String, String> values) {

    /** Alipay writes and reads times without an offset, in this zone. */
    static final ZoneId BEIJING = ZoneId.of("Asia/Shanghai");

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss[.SSS]");

    boolean has(String name) {
        return values.containsKey(name);
    }

    Optional<String> optionalWord(String name) {
        return Optional.ofNullable(values.get(name)).map(value -> Plausible.word(name, value));
    }

    String word(String name) {
        return optionalWord(name).orElseThrow(() -> NotBelieved.unparsable(name + " is missing"));
    }

    /** An amount written in yuan. */
    Money yuan(String name) {
        var text = word(name);
        try {
            return Plausible.amount(name, Money.yuan(text));
        } catch (ArithmeticException | NumberFormatException inexact) {
            throw new NotBelieved(Rejection.AMOUNT_NOT_EXACT, name + ", yuan with at most two decimals", text);
        }
    }

    Optional<Instant> optionalTime(String name) {
        return optionalWord(name).map(text -> {
            try {
                return Plausible.time(
                        name, LocalDateTime.parse(text, TIME).atZone(BEIJING).toInstant());
            } catch (DateTimeException malformed) {
                throw NotBelieved.unparsable(name + " is not a time: " + text);
            }
        });
    }
}
