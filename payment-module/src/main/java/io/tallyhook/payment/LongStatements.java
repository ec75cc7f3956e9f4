package io.tallyhook.payment;

import java.time.Duration;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.stereotype.Component;

/**
 * For what reads a lot: proofs and exports. Everything else gives up on a statement after seconds, and soon after that on the
 * connection, since a network that has swallowed a question would keep its thread for ever.
 */
@Component
public class LongStatements {

    private final JdbcOperations jdbc;

    LongStatements(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Lets the running transaction wait for the database as long as it takes, which may work with several processes. Must be
     * called in a transaction; the pool sets the connection back when it is returned.
     *
     * @param within the bound of each statement; none at zero
     */
    public void allow(Duration within) {
        jdbc.execute((ConnectionCallback<Boolean>) connection -> {
            connection.setNetworkTimeout(Runnable::run, 0);
            try (var setting = connection.prepareStatement("""
                    SELECT set_config('statement_timeout', ?, true), set_config('max_parallel_workers_per_gather', '2', true)
                    """)) {
                setting.setString(1, String.valueOf(within.toMillis()));
                return setting.execute();
            }
        });
    }
}
