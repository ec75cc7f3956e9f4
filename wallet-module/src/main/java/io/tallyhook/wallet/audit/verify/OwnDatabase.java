package io.tallyhook.wallet.audit.verify;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.springframework.modulith.NamedInterface;

/** Reaches the application's own database, however that is configured. */
@FunctionalInterface
@NamedInterface("verify-ledger")
public interface OwnDatabase {

    /** What is done with the connection. */
    @FunctionalInterface
    @NamedInterface("verify-ledger")
    interface Work {
        int on(Connection connection) throws SQLException;
    }

    /** @param settings of the application, as on its command line */
    int connect(List<String> settings, Work work) throws SQLException;
}
