package io.tallyhook.wallet.audit;

import io.tallyhook.payment.UserId;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** What happens when an invariant is broken: it is said loudly, and its shard takes no more postings. */
@Component
class Alarm {

    private static final Logger log = LoggerFactory.getLogger(Alarm.class);

    /** More would only bury the first ones; all are in the views. */
    private static final int LOGGED = 50;

    private final Stops stops;

    Alarm(Stops stops) {
        this.stops = stops;
    }

    /** @return how many shards were stopped by it */
    int raise(ProofRun run, List<Fault> faults) {
        if (faults.isEmpty()) {
            return 0;
        }
        log.error(
                "The ledger does not hold: {} violations were found. Bookings of the shards concerned are refused until a"
                        + " person has looked, on the page /admin/ledger.",
                run.violations());
        faults.stream().limit(LOGGED).forEach(fault -> log.error("Violation of {}", fault.text()));
        var stopped =
                faults.stream().filter(Alarm::hasShard).filter(stops::stop).toList();
        stopped.forEach(fault -> log.error("Shard {} is stopped", fault.shard()));
        return stopped.size();
    }

    /** A damaged row may claim a shard that does not exist. */
    private static boolean hasShard(Fault fault) {
        return fault.shard() != null && fault.shard() >= 0 && fault.shard() < UserId.SHARDS;
    }
}
