package io.tallyhook.wallet.audit;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Writes down beside a job's work how far it is, for people who wait for it. */
@Component
class ShownProgress {

    private static final Logger log = LoggerFactory.getLogger(ShownProgress.class);
    private static final Duration WRITTEN_WITHIN = Duration.ofSeconds(5);

    private final JdbcClient jdbc;
    private final Transactions transactions;

    ShownProgress(JdbcClient jdbc, Transactions transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    Progress of(String job) {
        return (step, steps, doing) -> {
            try {
                transactions.write(WRITTEN_WITHIN, () -> write(job, step, steps, doing));
            } catch (DataAccessException | TransactionException e) {
                log.debug("How far {} is could not be written down; it goes on", job, e);
            }
        };
    }

    private int write(String job, int step, int steps, String doing) {
        return jdbc.sql("UPDATE wallet.job SET step = :step, steps = :steps, doing = :doing WHERE job = :job")
                .param("step", step)
                .param("steps", steps)
                .param("doing", doing)
                .param("job", job)
                .update();
    }
}
