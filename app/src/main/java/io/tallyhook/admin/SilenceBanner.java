package io.tallyhook.admin;

import io.tallyhook.payment.asking.Silences;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Says on every page that callbacks do not come although they should, until they come; to those who are signed in. */
@Component
class SilenceBanner implements Banner {

    private static final Logger log = LoggerFactory.getLogger(SilenceBanner.class);

    private final Silences silences;
    private final HttpServletRequest request;

    /** @param request stands for the current request */
    SilenceBanner(Silences silences, HttpServletRequest request) {
        this.silences = silences;
        this.request = request;
    }

    @Override
    public Optional<Notice> notice() {
        return request.getRemoteUser() == null ? Optional.empty() : alarm();
    }

    /** Error pages have banners too, also the one that says that the database is away. */
    private Optional<Notice> alarm() {
        try {
            return silences.now().isEmpty()
                    ? Optional.empty()
                    : Optional.of(Notice.alarm("banner.silence").linkedTo("/admin#silent", "banner.silence.which"));
        } catch (DataAccessException e) {
            log.debug("Whether callbacks come could not be read for the banner", e);
            return Optional.empty();
        }
    }
}
