package io.tallyhook.admin;

import io.tallyhook.admin.Banner.Notice;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Alarms that stand on every page: for those only who are signed in, and never in the way of the page itself. */
@Component
class Alarms {

    private static final Logger log = LoggerFactory.getLogger(Alarms.class);

    private final HttpServletRequest request;

    /** @param request stands for the current request */
    Alarms(HttpServletRequest request) {
        this.request = request;
    }

    /**
     * What is told, if there is something. Error pages have banners too, also the one that says that the database is away.
     *
     * @param about what is looked at, for the log
     */
    Optional<Notice> told(String about, Supplier<Optional<Notice>> look) {
        if (request.getRemoteUser() == null) {
            return Optional.empty();
        }
        try {
            return look.get();
        } catch (DataAccessException e) {
            log.debug("{} could not be looked at for the banner", about, e);
            return Optional.empty();
        }
    }
}
