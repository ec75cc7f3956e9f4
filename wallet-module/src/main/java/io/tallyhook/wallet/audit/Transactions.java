package io.tallyhook.wallet.audit;

import io.tallyhook.payment.LongStatements;
import java.time.Duration;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Transactions of the audit: always new ones, with a time of their own, since a check of everything takes longer than a booking. */
@Component
class Transactions {

    /** No bound at all: only for what runs by itself. */
    static final Duration UNBOUNDED = Duration.ZERO;

    private final TransactionTemplate transaction;
    private final LongStatements longStatements;
    private final JdbcClient jdbc;

    Transactions(PlatformTransactionManager transactions, LongStatements longStatements, JdbcClient jdbc) {
        this.transaction = new TransactionTemplate(transactions);
        this.transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.longStatements = longStatements;
        this.jdbc = jdbc;
    }

    /** All that is read is of one moment. */
    <T> T snapshot(Duration within, Supplier<T> work) {
        return transaction.execute(status -> {
            jdbc.sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                    .update();
            bound(within);
            return work.get();
        });
    }

    <T> T write(Duration within, Supplier<T> work) {
        return transaction.execute(status -> {
            bound(within);
            return work.get();
        });
    }

    /**
     * Bounds each statement from now on. Without compiling the plans: those of the proof have more than a thousand expressions, and
     * compiling them takes longer than the proof. With room to sort and to join in memory, for the few that run at a time.
     */
    void bound(Duration within) {
        longStatements.allow(within);
        jdbc.sql("SET LOCAL jit = off").update();
        jdbc.sql("SET LOCAL work_mem = '64MB'").update();
    }
}
