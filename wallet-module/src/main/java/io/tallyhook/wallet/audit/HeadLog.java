package io.tallyhook.wallet.audit;

import java.time.Clock;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Names the head of the chain in the log from time to time and at the end: logs are kept where the database cannot reach. */
@Component
class HeadLog implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(HeadLog.class);

    private final Chain chain;
    private final AuditSettings settings;
    private final Clock clock;
    private Instant loggedAt = Instant.MIN;
    private long sealed;
    private long logged;

    HeadLog(Chain chain, AuditSettings settings, Clock clock) {
        this.chain = chain;
        this.settings = settings;
        this.clock = clock;
    }

    synchronized void sealed(long block) {
        sealed = block;
        if (loggedAt.isBefore(clock.instant().minus(settings.logHeadEvery()))) {
            tell();
        }
    }

    private void tell() {
        var head = chain.head();
        log.info(
                "The ledger is sealed up to block {} with {} journals; its hash is {}",
                head.block(),
                head.journals(),
                head.sha256());
        logged = head.block();
        loggedAt = clock.instant();
    }

    @Override
    public synchronized void destroy() {
        try {
            if (sealed > logged) {
                tell();
            }
        } catch (DataAccessException e) {
            log.warn("The head of the chain could not be read at the end", e);
        }
    }
}
