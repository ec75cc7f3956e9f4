package io.tallyhook.wallet.ledger;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import tallyhook.testing.FreshDatabase;

/** A database with an empty ledger, copied from one that was migrated once. */
final class LedgerDatabase {

    private static final AtomicInteger COPIES = new AtomicInteger();

    private final String url;

    private LedgerDatabase(String url) {
        this.url = url;
    }

    /** The database with this address, which is empty and is migrated now. */
    static LedgerDatabase migrated(String url) {
        Flyway.configure()
                .dataSource(url, "postgres", "postgres")
                .locations("classpath:db/migration/wallet")
                .placeholders(Map.of("runtimeRole", "postgres"))
                .load()
                .migrate();
        var database = new LedgerDatabase(url);
        database.execute("SELECT wallet.make_partitions(current_date, 6)");
        return database;
    }

    static LedgerDatabase fresh() {
        return Migrated.DATABASE.copy();
    }

    /** One whose commits do not wait for the disk, for tests in which nothing is killed; refusals that are planned stay out of its log. */
    static LedgerDatabase freshAndHasty() {
        var database = fresh();
        database.execute("ALTER DATABASE %s SET synchronous_commit = off".formatted(database.name()));
        database.execute("ALTER DATABASE %s SET log_min_messages = fatal".formatted(database.name()));
        database.execute("ALTER DATABASE %s SET plan_cache_mode = force_generic_plan".formatted(database.name()));
        return database;
    }

    LedgerDatabase copy() {
        var copy = name() + "_copy_" + COPIES.incrementAndGet();
        new LedgerDatabase(withName("postgres")).execute("CREATE DATABASE %s TEMPLATE %s".formatted(copy, name()));
        return new LedgerDatabase(withName(copy));
    }

    void drop() {
        new LedgerDatabase(withName("postgres")).execute("DROP DATABASE %s WITH (FORCE)".formatted(name()));
    }

    Connection connect() {
        try {
            return DriverManager.getConnection(url, "postgres", "postgres");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void execute(String sql) {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private String name() {
        return url.replaceFirst(".*/([^?]*).*", "$1");
    }

    private String withName(String name) {
        return url.replaceFirst("(//[^/]+/)[^?]*", "$1" + name);
    }

    private static final class Migrated {
        static final LedgerDatabase DATABASE = migrated(FreshDatabase.create());
    }
}
