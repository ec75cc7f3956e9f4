package io.tallyhook.wallet.audit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Makes the partitions of the months to come, so that no posting ever finds none. */
@Component
class MakePartitions implements Job {

    /** This month and three ahead: a job that failed for a quarter would still have done no harm. */
    private static final int MONTHS = 4;

    private final JdbcClient jdbc;
    private final Clock clock;

    MakePartitions(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "partitions";
    }

    @Override
    public Instant dueAfter(Instant now) {
        return now.plus(Duration.ofHours(1));
    }

    @Override
    public String run() {
        int made = jdbc.sql("SELECT wallet.make_partitions(:today::date, :months)")
                .param("today", BooksTime.today(clock).toString())
                .param("months", MONTHS)
                .query(Integer.class)
                .single();
        return "%d partitions made".formatted(made);
    }
}
