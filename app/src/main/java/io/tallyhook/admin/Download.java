package io.tallyhook.admin;

import io.tallyhook.payment.Refusal;
import io.tallyhook.wallet.export.Exports;
import io.tallyhook.wallet.export.Extract;
import io.tallyhook.wallet.export.Format;
import io.tallyhook.wallet.export.Words;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/** Sends a list as a file, in the language of the page that it was taken from. */
@Component
class Download {

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss");

    private final Exports exports;
    private final MessageSource messages;
    private final Clock clock;

    Download(Exports exports, MessageSource messages, Clock clock) {
        this.exports = exports;
        this.messages = messages;
        this.clock = clock;
    }

    /** What cannot be begun becomes a page that says why; what breaks off later breaks off, so that it cannot pass for whole. */
    void send(Extract extract, String name, Format format, Principal person, HttpServletResponse response)
            throws IOException {
        response.setContentType(format.mediaType());
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                ContentDisposition.attachment()
                        .filename(fileName(name, format))
                        .build()
                        .toString());
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        try {
            exports.write(extract, format, person.getName(), words(), response.getOutputStream());
        } catch (Refusal refusal) {
            response.reset();
            throw refusal;
        }
    }

    /** Only characters that every system takes for a file's name. */
    private String fileName(String name, Format format) {
        var now = ZonedDateTime.ofInstant(clock.instant(), TimeWindow.BEIJING);
        return "%s-%s.%s".formatted(name.replaceAll("[^0-9A-Za-z._-]", "_"), STAMP.format(now), format.ending());
    }

    private Words words() {
        var locale = LocaleContextHolder.getLocale();
        return key -> String.valueOf(messages.getMessage(key, null, key, locale));
    }
}
