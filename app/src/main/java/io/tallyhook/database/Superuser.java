package io.tallyhook.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done as the superuser of the embedded server: recognise it, and prepare roles and database. */
record Superuser(Credentials credentials) {

    private static final Logger log = LoggerFactory.getLogger(Superuser.class);

    /** SQLSTATE of a server that is starting up or stopping. */
    private static final String CANNOT_CONNECT_NOW = "57P03";

    /** Whether the server that serves this data answers on this port, or is about to. */
    boolean finds(int port, Path data) {
        try (var connection = connect(port);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SHOW data_directory")) {
            rows.next();
            return Files.isSameFile(Path.of(rows.getString(1)), data);
        } catch (SQLException e) {
            log.debug("No server of ours answers on port {}", port, e);
            return CANNOT_CONNECT_NOW.equals(e.getSQLState());
        } catch (IOException e) {
            log.debug("The server on port {} serves other data than {}", port, data, e);
            return false;
        }
    }

    /** The roles and the database; nothing changes where they are there already. */
    void prepare(int port, String database) {
        try (var connection = connect(port)) {
            role(connection, Credentials.OWNER, credentials.owner());
            role(connection, Credentials.RUNTIME, credentials.runtime());
            if (!exists(connection, "SELECT 1 FROM pg_database WHERE datname = '%s'".formatted(database))) {
                execute(connection, "CREATE DATABASE %s OWNER %s".formatted(database, Credentials.OWNER));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The embedded PostgreSQL could not be prepared", e);
        }
    }

    private Connection connect(int port) throws SQLException {
        return DriverManager.getConnection(
                // Whoever took the port may accept and never answer.
                "jdbc:postgresql://localhost:%d/postgres?connectTimeout=2&loginTimeout=5&socketTimeout=30"
                        .formatted(port),
                Credentials.SUPERUSER,
                credentials.superuser());
    }

    private static void role(Connection connection, String name, String password) throws SQLException {
        if (!exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = '%s'".formatted(name))) {
            execute(connection, "CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(name, password));
        }
    }

    private static boolean exists(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
