package io.tallyhook.wallet.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** When each job is due, for all instances together. Who moves the due time does the job. */
@Repository
class Agenda {

    /** What fails is tried again soon, but does not keep the database busy with failing. */
    static final Duration RETRY = Duration.ofMinutes(1);

    private static final int LONGEST_RESULT = 1000;

    private final JdbcClient jdbc;
    private final Clock clock;

    Agenda(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    List<String> due() {
        return jdbc.sql("SELECT job FROM wallet.job WHERE due_at <= :now")
                .param("now", now())
                .query((row, number) -> row.getString("job"))
                .list();
    }

    /** @return until when it is ours; nothing if it is not due, or somebody else was faster */
    Optional<Instant> claim(Job job) {
        var until = BooksTime.now(clock).plus(job.lease());
        int claimed = jdbc.sql("""
                        UPDATE wallet.job SET due_at = :until, started_at = :now, step = NULL, steps = NULL, doing = NULL
                        WHERE job = :job AND due_at <= :now
                        """)
                .param("until", Timestamp.from(until))
                .param("now", now())
                .param("job", job.name())
                .update();
        return claimed == 1 ? Optional.of(until) : Optional.empty();
    }

    void done(Job job, Instant lease, String result) {
        finish(job, lease, job.dueAfter(clock.instant()), result);
    }

    void failed(Job job, Instant lease, String reason) {
        var now = clock.instant();
        var due = job.dueAfter(now);
        finish(job, lease, due.isBefore(now.plus(RETRY)) ? due : now.plus(RETRY), "failed: " + reason);
    }

    /** Whoever has outlived the lease must not move the time of the one who took over. */
    private void finish(Job job, Instant lease, Instant next, String result) {
        jdbc.sql("""
                        UPDATE wallet.job SET due_at = :next, finished_at = :now, result = :result
                        WHERE job = :job AND due_at = :lease
                        """)
                .param("next", Timestamp.from(next))
                .param("now", now())
                .param("result", result.substring(0, Math.min(result.length(), LONGEST_RESULT)))
                .param("job", job.name())
                .param("lease", Timestamp.from(lease))
                .update();
    }

    /** Makes a job due now, unless it is running. @return whether it is */
    boolean askFor(String job) {
        return jdbc.sql("""
                        UPDATE wallet.job SET due_at = :now
                        WHERE job = :job AND due_at > :now AND (started_at IS NULL OR finished_at >= started_at)
                        """).param("now", now()).param("job", job).update() == 1;
    }

    List<JobState> all() {
        return jdbc.sql("SELECT * FROM wallet.job ORDER BY job")
                .query(Agenda::state)
                .list();
    }

    private Timestamp now() {
        return Timestamp.from(BooksTime.now(clock));
    }

    private static JobState state(ResultSet row, int number) throws SQLException {
        return new JobState(
                row.getString("job"),
                instant(row.getTimestamp("started_at")),
                instant(row.getTimestamp("finished_at")),
                Optional.ofNullable(row.getString("result")),
                step(row));
    }

    private static Optional<JobState.Step> step(ResultSet row) throws SQLException {
        var doing = row.getString("doing");
        return doing == null
                ? Optional.empty()
                : Optional.of(new JobState.Step(row.getInt("step"), row.getInt("steps"), doing));
    }

    private static Optional<Instant> instant(@Nullable Timestamp at) {
        return Optional.ofNullable(at).map(Timestamp::toInstant);
    }
}
