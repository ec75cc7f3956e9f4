package io.tallyhook.payment.asking;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Learns every few minutes when payments are to be asked about first. One instance counts an hour at a time, in a transaction of
 * its own; if it is killed another one goes on.
 */
@Component
class LearnPayingTimes {

    private static final Logger log = LoggerFactory.getLogger(LearnPayingTimes.class);

    /** Whoever has not paid by then is beyond what is told apart. */
    private static final Duration SETTLED = Duration.ofHours(1);

    /** More than a week, so that after a pause all is counted at once. */
    private static final int MOST_HOURS = 200;

    private final PayingTimes times;
    private final AskingSettings asking;
    private final LearningSettings settings;
    private final TransactionTemplate transaction;
    private final Clock clock;

    LearnPayingTimes(
            PayingTimes times,
            AskingSettings asking,
            LearningSettings settings,
            PlatformTransactionManager transactions,
            Clock clock) {
        this.times = times;
        this.asking = asking;
        this.settings = settings;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    @Scheduled(fixedDelayString = "${tallyhook.asking.learning.every:10m}", initialDelayString = "PT45S")
    void tick() {
        if (!asking.active()) {
            return;
        }
        try {
            learn();
        } catch (DataAccessException | TransactionException e) {
            log.warn("How long people take to pay cannot be learned now", e);
        }
    }

    void learn() {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var earliest = now.minus(settings.window()).truncatedTo(ChronoUnit.HOURS);
        int hours = 0;
        while (settings.active() && hours < MOST_HOURS && countsOne(now, earliest)) {
            hours++;
        }
        transaction.executeWithoutResult(status -> {
            if (times.lockCounted().isEmpty()) {
                return;
            }
            if (settings.active()) {
                times.forget(earliest);
                times.learn(settings.from(), settings.atLeast(), settings.atMost(), now);
            } else {
                times.unlearn(now);
            }
        });
    }

    /** @return whether there was an hour to count, and nobody else is at it */
    private boolean countsOne(Instant now, Instant earliest) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            var counted = times.lockCounted();
            if (counted.isEmpty()) {
                return false;
            }
            var hour = counted.get().isBefore(earliest) ? earliest : counted.get();
            if (hour.plus(1, ChronoUnit.HOURS).plus(SETTLED).isAfter(now)) {
                return false;
            }
            times.count(hour);
            return true;
        }));
    }
}
