package io.tallyhook.admin;

import io.tallyhook.wallet.audit.Audit;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Says on every page that the ledger does not hold or that wallets are stopped, until that is over; to those who are signed in. */
@Component
class LedgerBanner implements Banner {

    private static final Logger log = LoggerFactory.getLogger(LedgerBanner.class);

    private final Audit audit;
    private final HttpServletRequest request;

    /** @param request stands for the current request */
    LedgerBanner(Audit audit, HttpServletRequest request) {
        this.audit = audit;
        this.request = request;
    }

    @Override
    public Optional<Notice> notice() {
        return request.getRemoteUser() == null ? Optional.empty() : alarm();
    }

    /** Error pages have banners too, also the one that says that the database is away. */
    private Optional<Notice> alarm() {
        try {
            var health = audit.health();
            return health.alarming()
                    ? Optional.of(
                            Notice.alarm(health.stoppedShards() > 0 ? "banner.ledger.stopped" : "banner.ledger.broken")
                                    .linkedTo("/admin/ledger", "banner.ledger.why"))
                    : Optional.empty();
        } catch (DataAccessException e) {
            log.debug("Whether the ledger holds could not be read for the banner", e);
            return Optional.empty();
        }
    }
}
