package io.tallyhook.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The PostgreSQL that is measured: one of its own in a temporary folder, set up as the application sets up its embedded one,
 * or that of {@code -Dtallyhook.bench.jdbc-url=jdbc:postgresql://…/db?user=…&password=…}. Either way in a database of its
 * own, which is dropped in the end.
 */
final class MeasuredServer implements AutoCloseable {

    private static final String DATABASE = "tallyhook_bench";

    private final Optional<EmbeddedPostgres> embedded;
    private final URI address;
    private final String database;
    private final boolean kept;

    private MeasuredServer(Optional<EmbeddedPostgres> embedded, URI address, String database, boolean kept) {
        this.embedded = embedded;
        this.address = address;
        this.database = database;
        this.kept = kept;
        if (kept && exists()) {
            return;
        }
        onServer("DROP DATABASE IF EXISTS %s WITH (FORCE)".formatted(database));
        onServer("CREATE DATABASE " + database);
    }

    static MeasuredServer start() {
        var external = System.getProperty("tallyhook.bench.jdbc-url");
        return external == null ? own() : new MeasuredServer(Optional.empty(), address(external), DATABASE, false);
    }

    /** Whether what was filled is to be found by the next run. */
    static boolean keeps() {
        return Boolean.getBoolean("tallyhook.bench.keep");
    }

    /** Another database on the same server, which is dropped when it is closed, unless the next run is to find it again. */
    MeasuredServer besides(String name) {
        return new MeasuredServer(Optional.empty(), address, DATABASE + "_" + name, keeps());
    }

    private static URI address(String url) {
        return URI.create(url.substring("jdbc:".length()));
    }

    private static MeasuredServer own() {
        try {
            var server = EmbeddedPostgres.builder()
                    .setLocaleConfig("locale", "C")
                    // The library starts it with both off.
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setServerConfig("max_connections", "150")
                    .setServerConfig("shared_buffers", "1GB")
                    .setServerConfig("max_wal_size", "4GB")
                    .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                    .setServerConfig("timezone", "UTC")
                    .start();
            return new MeasuredServer(
                    Optional.of(server), address(server.getJdbcUrl("postgres", "postgres")), DATABASE, false);
        } catch (IOException e) {
            throw new UncheckedIOException("The embedded PostgreSQL does not start", e);
        }
    }

    String host() {
        return address.getHost();
    }

    int port() {
        return address.getPort() > 0 ? address.getPort() : 5432;
    }

    String database() {
        return database;
    }

    String user() {
        return parameter("user").orElse("postgres");
    }

    String password() {
        return parameter("password").orElse("");
    }

    private Optional<String> parameter(String name) {
        return Pattern.compile("(?:^|&)%s=([^&]*)".formatted(name))
                .matcher(Optional.ofNullable(address.getQuery()).orElse(""))
                .results()
                .map(found -> found.group(1))
                .findFirst();
    }

    String jdbcUrl() {
        return "jdbc:postgresql://%s:%d/%s".formatted(host(), port(), database);
    }

    /** A session of its own, kept open. For one thread. */
    JdbcClient session() {
        return JdbcClient.create(new SingleConnectionDataSource(jdbcUrl(), user(), password(), true));
    }

    private boolean exists() {
        try (var connection = maintenance();
                var statement = connection.prepareStatement("SELECT FROM pg_database WHERE datname = ?")) {
            statement.setString(1, database);
            try (var found = statement.executeQuery()) {
                return found.next();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The server does not say which databases it has", e);
        }
    }

    private java.sql.Connection maintenance() throws SQLException {
        var url = "jdbc:postgresql://%s:%d%s".formatted(host(), port(), address.getPath());
        return DriverManager.getConnection(url, user(), password());
    }

    private void onServer(String sql) {
        try (var connection = maintenance();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("The server refuses: " + sql, e);
        }
    }

    @Override
    public void close() {
        if (kept) {
            return;
        }
        if (embedded.isEmpty()) {
            onServer("DROP DATABASE IF EXISTS %s WITH (FORCE)".formatted(database));
            return;
        }
        try {
            embedded.get().close();
        } catch (IOException e) {
            throw new UncheckedIOException("The embedded PostgreSQL does not stop", e);
        }
    }
}
