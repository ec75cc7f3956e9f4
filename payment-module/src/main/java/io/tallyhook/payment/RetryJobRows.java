package io.tallyhook.payment;

import io.tallyhook.payment.RetryJob.State;
import io.tallyhook.payment.fulfilment.HandOutAgain;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Jobs of retrying, and what is still to be done for each. */
@Repository
class RetryJobRows {

    private static final int SHOWN = 20;

    private final JdbcClient jdbc;

    RetryJobRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** How many fit and can be retried, counted up to a bound. */
    int count(PaymentFilter filter, int most) {
        var limits = PaymentRows.limits(filter).by(HandOutAgain.RETRYABLE);
        return limits.on(jdbc.sql("""
                        SELECT count(*) FROM (SELECT FROM payment.payment p WHERE %s LIMIT :most) AS fitting
                        """.formatted(limits.sql())))
                .param("most", most)
                .query(Integer.class)
                .single();
    }

    /** A job with what fits now, the oldest first. */
    long insert(PaymentFilter filter, String actor, int most) {
        long id = jdbc.sql("""
                        INSERT INTO payment.retry_job (created_at, actor, filter, found)
                        VALUES (now(), :actor, :filter, 0) RETURNING id
                        """)
                .param("actor", actor)
                .param("filter", filter.inWords())
                .query(Long.class)
                .single();
        var limits = PaymentRows.limits(filter).by(HandOutAgain.RETRYABLE);
        int found = limits.on(jdbc.sql("""
                        INSERT INTO payment.retry_item (job, out_trade_no)
                        SELECT :job, out_trade_no FROM payment.payment p WHERE %s
                        ORDER BY created_at, out_trade_no LIMIT :most
                        """.formatted(limits.sql())))
                .param("job", id)
                .param("most", most)
                .update();
        jdbc.sql("UPDATE payment.retry_job SET found = :found WHERE id = :id")
                .param("found", found)
                .param("id", id)
                .update();
        return id;
    }

    Optional<RetryJob> get(long id) {
        return jdbc.sql("SELECT * FROM payment.retry_job WHERE id = :id")
                .param("id", id)
                .query(RetryJobRows::job)
                .optional();
    }

    List<RetryJob> latest() {
        return jdbc.sql("SELECT * FROM payment.retry_job ORDER BY id DESC LIMIT :shown")
                .param("shown", SHOWN)
                .query(RetryJobRows::job)
                .list();
    }

    /** @return whether it ran until now */
    boolean cancel(long id, String actor) {
        return jdbc.sql("""
                                WITH cancelled AS (
                                  UPDATE payment.retry_job
                                  SET state = 'CANCELLED', finished_at = now(), cancelled_by = :actor
                                  WHERE id = :id AND state = 'RUNNING'
                                  RETURNING id),
                                left_over AS (
                                  DELETE FROM payment.retry_item i USING cancelled WHERE i.job = cancelled.id)
                                SELECT count(*) FROM cancelled
                                """)
                        .param("id", id)
                        .param("actor", actor)
                        .query(Integer.class)
                        .single()
                == 1;
    }

    /** Locks a job that is not over and that no other instance works at just now. */
    Optional<RetryJob> lockOne() {
        return jdbc.sql("""
                        SELECT * FROM payment.retry_job WHERE state = 'RUNNING'
                        ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
                        """).query(RetryJobRows::job).optional();
    }

    /** Takes the next payments out of a locked job. */
    List<String> take(RetryJob job, int batch) {
        return jdbc.sql("""
                        DELETE FROM payment.retry_item i
                        USING (SELECT out_trade_no FROM payment.retry_item
                               WHERE job = :job ORDER BY out_trade_no LIMIT :batch) AS next
                        WHERE i.job = :job AND i.out_trade_no = next.out_trade_no
                        RETURNING i.out_trade_no
                        """)
                .param("job", job.id())
                .param("batch", batch)
                .query((row, number) -> row.getString(1))
                .list();
    }

    void through(RetryJob job, int retried, int skipped) {
        jdbc.sql("""
                        UPDATE payment.retry_job SET retried = retried + :retried, skipped = skipped + :skipped
                        WHERE id = :id
                        """)
                .param("id", job.id())
                .param("retried", retried)
                .param("skipped", skipped)
                .update();
    }

    void done(RetryJob job) {
        jdbc.sql("UPDATE payment.retry_job SET state = 'DONE', finished_at = now() WHERE id = :id")
                .param("id", job.id())
                .update();
    }

    private static RetryJob job(ResultSet row, int number) throws SQLException {
        var finishedAt = row.getTimestamp("finished_at");
        return new RetryJob(
                row.getLong("id"),
                row.getTimestamp("created_at").toInstant(),
                row.getString("actor"),
                row.getString("filter"),
                row.getInt("found"),
                row.getInt("retried"),
                row.getInt("skipped"),
                State.valueOf(row.getString("state")),
                finishedAt == null ? null : finishedAt.toInstant(),
                row.getString("cancelled_by"));
    }
}
