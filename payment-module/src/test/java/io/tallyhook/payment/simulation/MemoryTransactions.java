package io.tallyhook.payment.simulation;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.SimpleTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** All of it, or nothing, for the real classes: one transaction at a time. */
final class MemoryTransactions implements PlatformTransactionManager {

    private final Supplier<Runnable> remember;

    /** @param remember what brings the store back to where it is now */
    MemoryTransactions(Supplier<Runnable> remember) {
        this.remember = remember;
    }

    private static final class Running extends SimpleTransactionStatus {

        private final Runnable back;

        Running(Runnable back) {
            super(true);
            this.back = back;
        }
    }

    @Override
    public TransactionStatus getTransaction(@Nullable TransactionDefinition definition) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("There is a transaction already");
        }
        var running = new Running(remember.get());
        TransactionSynchronizationManager.setActualTransactionActive(true);
        TransactionSynchronizationManager.initSynchronization();
        return running;
    }

    @Override
    public void commit(TransactionStatus status) {
        if (status.isRollbackOnly()) {
            rollback(status);
        } else {
            end();
        }
    }

    @Override
    public void rollback(TransactionStatus status) {
        ((Running) status).back.run();
        end();
    }

    private static void end() {
        TransactionSynchronizationManager.clear();
    }
}
