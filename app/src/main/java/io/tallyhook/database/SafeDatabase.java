package io.tallyhook.database;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.stereotype.Component;

/**
 * Refuses a database that may forget what it has acknowledged: a provider that was answered with success never calls
 * again.
 */
@Component
class SafeDatabase implements InitializingBean {

    private static final int OLDEST = 150_000;

    private final DataSource database;

    SafeDatabase(DataSource database) {
        this.database = database;
    }

    @Override
    public void afterPropertiesSet() {
        try (var connection = database.getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery("""
                        SELECT current_setting('fsync') AS fsync,
                               current_setting('synchronous_commit') AS synchronous_commit,
                               current_setting('server_version_num')::int AS version
                        """)) {
            row.next();
            requireOn("fsync", row.getString("fsync"));
            requireOn("synchronous_commit", row.getString("synchronous_commit"));
            if (row.getInt("version") < OLDEST) {
                throw new UnsafeDatabase(
                        "server_version_num",
                        "PostgreSQL 15 or newer is needed, this is "
                                + connection.getMetaData().getDatabaseProductVersion() + ".");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "The database cannot be reached. Check spring.datasource.url, its user and password.", e);
        }
    }

    private static void requireOn(String setting, String value) {
        if (value.equals("off")) {
            throw new UnsafeDatabase(
                    setting,
                    "PostgreSQL runs with %s = off, so a callback that was answered with success could be lost. Set it to on."
                            .formatted(setting));
        }
    }
}
