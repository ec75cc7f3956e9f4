package io.tallyhook.wallet.audit;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Adds to the totals of each day what was finished since the last time. */
@Component
class RollUp implements Job {

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final AuditSettings settings;
    private final Clock clock;

    RollUp(JdbcClient jdbc, Transactions transactions, AuditSettings settings, Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "roll-up";
    }

    @Override
    public Instant dueAfter(Instant now) {
        return now.plus(settings.rollUpEvery());
    }

    @Override
    public String run() {
        var moved = transactions.write(
                lease(),
                () -> jdbc.sql("SELECT wallet.roll_up(:now)")
                        .param("now", Timestamp.from(BooksTime.now(clock)))
                        .query(Long.class)
                        .single());
        return "%d totals moved".formatted(moved);
    }
}
