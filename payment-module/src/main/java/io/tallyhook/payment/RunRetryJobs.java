package io.tallyhook.payment;

import io.tallyhook.payment.fulfilment.FulfilmentSettings;
import io.tallyhook.payment.fulfilment.HandOutAgain;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Does the jobs of {@link Retries}, batch by batch. Each batch locks its job, so that one instance is at it at a time and a
 * person's stop is heeded before the next; what a batch did and how far the job is commit together. The sweep then hands
 * the payments out as far as the listeners have room.
 */
@Component
class RunRetryJobs {

    private static final Logger log = LoggerFactory.getLogger(RunRetryJobs.class);

    private final RetryJobRows rows;
    private final HandOutAgain again;
    private final FulfilmentSettings settings;
    private final TransactionTemplate transaction;

    RunRetryJobs(
            RetryJobRows rows,
            HandOutAgain again,
            FulfilmentSettings settings,
            PlatformTransactionManager transactions) {
        this.rows = rows;
        this.again = again;
        this.settings = settings;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Scheduled(fixedDelayString = "${tallyhook.fulfilment.sweep-every:5s}")
    void run() {
        try {
            while (step()) {
                log.debug("There is more to retry");
            }
        } catch (DataAccessException | TransactionException e) {
            log.warn("Retrying goes on when the database answers again", e);
        }
    }

    /** @return whether there may be more to do */
    boolean step() {
        try {
            return batch(settings.sweepBatch());
        } catch (DataAccessException e) {
            log.warn("A batch of payments cannot be retried together; each is tried alone", e);
            return alone();
        }
    }

    private boolean batch(int size) {
        return transaction.execute(status -> rows.lockOne()
                .map(job -> {
                    var taken = rows.take(job, size);
                    if (taken.isEmpty()) {
                        rows.done(job);
                        return true;
                    }
                    int retried = again.now(taken, job.actor(), Optional.of(job.id()));
                    rows.through(job, retried, taken.size() - retried);
                    return true;
                })
                .orElse(false));
    }

    /** One by one, so that one that the database refuses keeps nobody else waiting. */
    private boolean alone() {
        boolean more = true;
        for (int i = 0; i < settings.sweepBatch() && more; i++) {
            try {
                more = batch(1);
            } catch (DataAccessException e) {
                log.error("A payment cannot be retried and is left as it is", e);
                skipOne();
            }
        }
        return more;
    }

    private void skipOne() {
        transaction.executeWithoutResult(status -> rows.lockOne().ifPresent(job -> {
            var skipped = rows.take(job, 1);
            rows.through(job, 0, skipped.size());
        }));
    }
}
