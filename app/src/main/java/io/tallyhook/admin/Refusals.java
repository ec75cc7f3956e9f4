package io.tallyhook.admin;

import io.tallyhook.payment.Refusal;
import java.util.Locale;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Says a refusal in the reader's language; what has no translation is said as it came. */
@Component
class Refusals {

    private final MessageSource messages;

    Refusals(MessageSource messages) {
        this.messages = messages;
    }

    String sentence(Refusal refusal) {
        var locale = LocaleContextHolder.getLocale();
        if (locale.getLanguage().equals(Locale.ENGLISH.getLanguage())) {
            return refusal.detail();
        }
        var known = messages.getMessage("refusal." + refusal.type(), null, null, locale);
        return known == null ? refusal.detail() : known;
    }

    /** Shown on the page after the redirect; a thing that does not exist has no such page, so it is thrown on. */
    void flash(Refusal refusal, RedirectAttributes redirect) {
        if (refusal.status() == HttpStatus.NOT_FOUND) {
            throw refusal;
        }
        Flash.refused(redirect, "refusal.said", sentence(refusal));
    }
}
