package io.tallyhook.admin;

import io.tallyhook.payment.Entitlement.Line;
import io.tallyhook.payment.Entitlement.Preview;
import io.tallyhook.payment.Money;
import java.time.Instant;
import java.util.List;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.stereotype.Component;

/** Says in the reader's language what a refund would take back. */
@Component
class RefundWords {

    private final MessageSource messages;
    private final Show show;

    RefundWords(MessageSource messages, Show show) {
        this.messages = messages;
        this.show = show;
    }

    List<String> sentences(Preview preview) {
        return preview.lines().stream().map(this::sentence).toList();
    }

    private String sentence(Line line) {
        var shown = line.arguments().stream().map(this::shown).toArray();
        return messages.getMessage(line.key(), shown, LocaleContextHolder.getLocale());
    }

    private Object shown(Object argument) {
        return switch (argument) {
            case Money amount -> show.money(amount);
            case Instant moment -> show.beijing(moment);
            default -> argument;
        };
    }
}
