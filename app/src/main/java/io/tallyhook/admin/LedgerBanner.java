package io.tallyhook.admin;

import io.tallyhook.wallet.audit.Audit;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Says on every page that the ledger does not hold or that wallets are stopped, until that is over; to those who are signed in. */
@Component
class LedgerBanner implements Banner {

    private final Audit audit;
    private final Alarms alarms;

    LedgerBanner(Audit audit, Alarms alarms) {
        this.audit = audit;
        this.alarms = alarms;
    }

    @Override
    public Optional<Notice> notice() {
        return alarms.told("The ledger", this::alarm);
    }

    private Optional<Notice> alarm() {
        var health = audit.health();
        return health.alarming()
                ? Optional.of(
                        Notice.alarm(health.stoppedShards() > 0 ? "banner.ledger.stopped" : "banner.ledger.broken")
                                .linkedTo("/admin/ledger", "banner.ledger.why"))
                : Optional.empty();
    }
}
