package io.tallyhook.wallet.audit;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Goes through what is due, page by page, and books each thing in a transaction of its own: one that fails is told of, does
 * not keep the others waiting, and is found again the next time. Shards that are stopped wait.
 */
abstract class DueWork implements Job {

    private static final Logger log = LoggerFactory.getLogger(DueWork.class);
    private static final Duration BOOKED_WITHIN = Duration.ofSeconds(10);

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final AuditSettings settings;
    private final Clock clock;

    DueWork(JdbcClient jdbc, Transactions transactions, AuditSettings settings, Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.settings = settings;
        this.clock = clock;
    }

    /** One thing that is due. */
    record Due(int shard, long id, Instant at) {}

    /** Selects {@code shard, id, at} of what is due at {@code :now} behind {@code (:at, :id)}, in this order. */
    abstract String selectDue();

    /** Books it. */
    abstract void book(Due due, Timestamp now);

    @Override
    public Duration lease() {
        return Duration.ofMinutes(10);
    }

    @Override
    public String run() {
        int booked = 0;
        int failed = 0;
        for (var page = page(null); !page.isEmpty(); page = page(page.getLast())) {
            for (var due : page) {
                if (booked(due)) {
                    booked++;
                } else {
                    failed++;
                }
            }
        }
        return failed == 0 ? "%d booked".formatted(booked) : "%d booked, %d failed".formatted(booked, failed);
    }

    private boolean booked(Due due) {
        try {
            transactions.write(BOOKED_WITHIN, () -> {
                book(due, Timestamp.from(BooksTime.now(clock)));
                return true;
            });
            return true;
        } catch (RuntimeException e) {
            log.error("Job {}: {} of shard {} is due and could not be booked", name(), due.id(), due.shard(), e);
            return false;
        }
    }

    private List<Due> page(@Nullable Due behind) {
        return jdbc.sql(selectDue())
                .param("now", Timestamp.from(BooksTime.now(clock)))
                .param("at", behind == null ? new Timestamp(0) : Timestamp.from(behind.at()))
                .param("id", behind == null ? 0L : behind.id())
                .param("batch", settings.dueBatch())
                .query((row, number) -> new Due(
                        row.getInt("shard"),
                        row.getLong("id"),
                        row.getTimestamp("at").toInstant()))
                .list();
    }
}
