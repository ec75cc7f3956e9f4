package io.tallyhook.wallet.ledger;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.UnaryOperator;

/** A database whose guards may be weakened, and whose connections may be given weakened statements. */
final class Scratch {

    private final LedgerDatabase database;
    private final UnaryOperator<String> statements;
    final StoppedClock clock = new StoppedClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));

    Scratch(LedgerDatabase database, UnaryOperator<String> statements) {
        this.database = database;
        this.statements = statements;
    }

    Teller teller() {
        return new Teller(rewriting(database.connect()), clock);
    }

    /** One that has begun a transaction, which ends when the test says so. */
    Teller tellerInTransaction() throws Exception {
        var teller = teller();
        teller.connection().setAutoCommit(false);
        return teller;
    }

    private Connection rewriting(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")) {
                        arguments[0] = statements.apply((String) arguments[0]);
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
