package io.tallyhook.wallet.audit;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Looks every second which job is due and does what it can claim, each on a thread of its own: a check of everything must not
 * keep the sealer waiting, and none of them the scheduler.
 */
@Component
class Jobs implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(Jobs.class);
    private static final int PATIENCE_SECONDS = 5;

    private final List<Job> jobs;
    private final Agenda agenda;
    private final AuditSettings settings;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("ledger-job-", 0).factory());
    private boolean reachable = true;

    Jobs(List<Job> jobs, Agenda agenda, AuditSettings settings) {
        this.jobs = jobs;
        this.agenda = agenda;
        this.settings = settings;
    }

    @Scheduled(fixedDelayString = "PT1S")
    void tick() {
        if (!settings.jobs()) {
            return;
        }
        try {
            begin();
            reachable = true;
        } catch (DataAccessException e) {
            if (reachable) {
                log.warn("The ledger's jobs wait until the database answers again", e);
            }
            reachable = false;
        }
    }

    /** Begins all that is due and that nobody else has taken. */
    void begin() {
        var due = agenda.due();
        for (var job : jobs) {
            if (due.contains(job.name())) {
                agenda.claim(job).ifPresent(lease -> threads.execute(() -> run(job, lease)));
            }
        }
    }

    private void run(Job job, Instant lease) {
        try {
            var result = job.run();
            log.debug("Job {}: {}", job.name(), result);
            agenda.done(job, lease, result);
        } catch (RuntimeException e) {
            log.error("The job {} failed and is tried again", job.name(), e);
            recordFailure(job, lease, e);
        }
    }

    private void recordFailure(Job job, Instant lease, RuntimeException failure) {
        try {
            agenda.failed(job, lease, String.valueOf(failure.getMessage()));
        } catch (DataAccessException e) {
            log.warn("The failure of {} could not be recorded; it is due again at {}", job.name(), lease, e);
        }
    }

    @Override
    public void destroy() throws InterruptedException {
        threads.shutdown();
        if (!threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            log.info("A job of the ledger is left half done; any instance does it again");
        }
    }
}
