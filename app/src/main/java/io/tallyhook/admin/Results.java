package io.tallyhook.admin;

import io.tallyhook.payment.InterventionResult;
import io.tallyhook.payment.InterventionResult.Value;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.callback.CallbackDetail.Intervention;
import java.util.Locale;
import java.util.stream.IntStream;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.stereotype.Component;

/**
 * Says in the reader's language what came of what a person did. What was stored before there were codes is said as it was
 * written.
 *
 * <p>Use: {@code ${@results.say(intervention)}}.
 */
@Component("results")
class Results {

    private static final String YUAN = " CNY";

    private final MessageSource messages;
    private final Show show;

    Results(MessageSource messages, Show show) {
        this.messages = messages;
        this.show = show;
    }

    public String say(Intervention intervention) {
        var said = intervention.said();
        return said == null ? intervention.result() : say(said, LocaleContextHolder.getLocale());
    }

    private String say(InterventionResult result, Locale locale) {
        var kinds = result.code().kinds();
        var values = IntStream.range(0, kinds.size())
                .mapToObj(i -> value(kinds.get(i), result.values().get(i), locale))
                .toArray();
        return messages.getMessage(key(result.code()), values, locale);
    }

    static String key(InterventionResult.Code code) {
        return "result." + code;
    }

    private String value(Value kind, String value, Locale locale) {
        return switch (kind) {
            case NUMBER, WORDS -> value;
            case AMOUNT ->
                value.endsWith(YUAN)
                        ? show.money(Money.yuan(value.substring(0, value.length() - YUAN.length())))
                        : value;
            case FULFILMENT -> word("badge.fulfilment.", value, locale);
            case PARKING -> word("parking.", value, locale);
            case REFUND -> word("badge.refund.", value, locale);
            case OUTCOME -> word("badge.outcome.", value, locale);
            case REJECTION -> word("rejection.", value, locale);
            case SAYS -> word("badge.says.", value, locale);
            case RELEASE -> word("release.action.", value, locale);
            case GIVEN_UP_AS -> word("giveup.as.", value, locale);
        };
    }

    private String word(String prefix, String value, Locale locale) {
        var word = messages.getMessage(prefix + value, null, value, locale);
        return word == null ? value : word;
    }
}
