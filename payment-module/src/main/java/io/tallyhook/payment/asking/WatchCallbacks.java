package io.tallyhook.payment.asking;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tallyhook.payment.asking.Errand.Account;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Notices every minute that an account's callbacks do not come although they should, and that they come again. Readiness
 * stays as it is, since we are well: the way to us is not. While it lasts the provider is asked more often.
 */
@Component
class WatchCallbacks {

    private static final Logger log = LoggerFactory.getLogger(WatchCallbacks.class);
    private static final Duration COUNTS_KEPT = Duration.ofDays(40);

    private final Openings openings;
    private final MeasureTraffic traffic;
    private final Silence silence;
    private final Silences silences;
    private final Questions questions;
    private final AskingSettings settings;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private volatile int silent;

    WatchCallbacks(
            Openings openings,
            MeasureTraffic traffic,
            SilenceSettings silenceSettings,
            Silences silences,
            Questions questions,
            AskingSettings settings,
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            MeterRegistry metrics,
            Clock clock) {
        this.openings = openings;
        this.traffic = traffic;
        this.silence = new Silence(silenceSettings);
        this.silences = silences;
        this.questions = questions;
        this.settings = settings;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
        Gauge.builder("tallyhook.callbacks.silent", this, watch -> watch.silent)
                .description("Accounts whose callbacks do not come although they should")
                .register(metrics);
    }

    @Scheduled(fixedDelayString = "${tallyhook.silence.every:1m}", initialDelayString = "PT30S")
    void tick() {
        if (!settings.active()) {
            return;
        }
        try {
            watch();
        } catch (DataAccessException | TransactionException e) {
            log.warn("Whether callbacks come cannot be seen now", e);
        }
    }

    /** One instance looks at a time; every instance knows what was seen. */
    void watch() {
        var now = clock.instant();
        transaction.executeWithoutResult(status -> {
            if (jdbc.sql("SELECT pg_try_advisory_xact_lock(hashtext('payment.silence'))")
                    .query(Boolean.class)
                    .single()) {
                openings.count(now);
                openings.forget(now.minus(COUNTS_KEPT));
                questions.forget(now.minus(settings.keep()));
                silences.endWhereHeard(now).forEach(WatchCallbacks::over);
                traffic.accounts(now).forEach(account -> judge(account, now));
            }
        });
        silent = silences.now().size();
    }

    private void judge(Account account, Instant now) {
        var seen = traffic.of(account, now);
        silence.judge(seen)
                .filter(finding -> silences.begin(account, seen, finding))
                .ifPresent(finding -> {
                    int forward = silences.bringForward(account, now);
                    log.error(
                            "No callback of {}/{} since {}: {} ({} opened since, {} callbacks expected, {} found paid by asking)."
                                    + " {} payments are asked about now. Check the notify address and the way to it.",
                            account.provider(),
                            account.name(),
                            seen.lastHeard().map(Instant::toString).orElse("ever"),
                            finding.cause(),
                            seen.openedSince(),
                            finding.expected(),
                            seen.foundPaid(),
                            forward);
                });
    }

    private static void over(Account account) {
        log.info("Callbacks of {}/{} come again", account.provider(), account.name());
    }
}
