package io.tallyhook.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;

/**
 * An embedded PostgreSQL that keeps what it has acknowledged: {@code fsync} and {@code synchronous_commit} on, in a
 * private folder, with passwords, on a port of its own per folder. One that survived a killed application is attached
 * to. It is stopped after everything that uses it, because Spring destroys beans against the order of their needs.
 */
class EmbeddedServer implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedServer.class);
    private static final Duration START_WITHIN = Duration.ofSeconds(60);
    private static final String DATABASE = "tallyhook";

    private final Path folder;
    private final Credentials credentials;
    private final int port;

    /** Absent while we only visit a server that another application has started and stops. */
    private final Optional<EmbeddedPostgres> started;

    /** @param visiting whether a server that runs already is somebody else's and must go on when we leave */
    EmbeddedServer(Path folder, boolean visiting) {
        this.folder = PrivateFiles.folder(folder);
        this.credentials = Credentials.keptIn(folder.resolve("passwords"));
        var running = runningPort();
        if (running.isPresent()) {
            log.info("The embedded PostgreSQL is still running on port {} and is attached to", running.get());
        } else {
            setAsideUnfinished();
        }
        this.port = running.orElseGet(this::port);
        this.started = visiting && running.isPresent() ? Optional.empty() : Optional.of(start());
        requireOurs();
        PrivateFiles.write(folder.resolve("initialised"), "The first start has finished.\n");
        prepare();
    }

    Credentials credentials() {
        return credentials;
    }

    String jdbcUrl() {
        return "jdbc:postgresql://localhost:%d/%s".formatted(port, DATABASE);
    }

    private Path data() {
        return folder.resolve("data");
    }

    private EmbeddedPostgres start() {
        try {
            var passwordFile = folder.resolve("superuser");
            PrivateFiles.write(passwordFile, credentials.superuser());
            PrivateFiles.folder(folder.resolve("bin"));
            try {
                return EmbeddedPostgres.builder()
                        .setDataDirectory(data())
                        .setCleanDataDirectory(false)
                        .setOverrideWorkingDirectory(folder.resolve("bin").toFile())
                        // Spring stops it, in order; a hook of its own would stop it under the feet of the others.
                        .setRegisterShutdownHook(false)
                        .setPort(port)
                        .setPGStartupWait(START_WITHIN)
                        .setLocaleConfig("auth-local", "scram-sha-256")
                        .setLocaleConfig("auth-host", "scram-sha-256")
                        .setLocaleConfig("pwfile", passwordFile.toString())
                        .setLocaleConfig("locale", "C")
                        .setConnectConfig("password", credentials.superuser())
                        // The library starts it with both off.
                        .setServerConfig("fsync", "on")
                        .setServerConfig("synchronous_commit", "on")
                        .setServerConfig("full_page_writes", "on")
                        .setServerConfig("max_connections", "100")
                        .setServerConfig("unix_socket_directories", "")
                        .setServerConfig("timezone", "UTC")
                        .start();
            } finally {
                Files.deleteIfExists(passwordFile);
            }
        } catch (IOException e) {
            throw new IllegalStateException(
                    ("The embedded PostgreSQL in %s does not start. If it was started by another user, or its files are"
                                    + " damaged, the log above says so; to use a PostgreSQL of your own instead, set"
                                    + " spring.datasource.url, spring.datasource.username and"
                                    + " spring.datasource.password.")
                            .formatted(folder),
                    e);
        }
    }

    /** A first start that was killed half way has nothing to keep, but is not deleted either. */
    private void setAsideUnfinished() {
        if (Files.exists(data()) && !Files.exists(folder.resolve("initialised"))) {
            var aside = folder.resolve("data-unfinished-" + System.currentTimeMillis());
            log.warn(
                    "The first start of the embedded PostgreSQL was not finished; its files are set aside as {}",
                    aside);
            try {
                Files.move(data(), aside);
            } catch (IOException e) {
                throw new IllegalStateException("%s cannot be renamed".formatted(data()), e);
            }
        }
    }

    /** The one this folder always had, if it is free; else a free one. */
    private int port() {
        var file = folder.resolve("port");
        var kept = PrivateFiles.read(file).map(Integer::valueOf);
        if (kept.isPresent() && isFree(kept.get())) {
            return kept.get();
        }
        int free = freePort();
        PrivateFiles.write(file, Integer.toString(free));
        return free;
    }

    /** Where a server that survived its application answers: the fourth line of PostgreSQL's own pid file. */
    private Optional<Integer> runningPort() {
        return PrivateFiles.read(data().resolve("postmaster.pid"))
                .map(text -> text.lines().toList())
                .filter(lines -> lines.size() > 3)
                .map(lines -> Integer.valueOf(lines.get(3).strip()))
                .filter(EmbeddedServer::answers);
    }

    private static boolean answers(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException e) {
            log.debug("Nobody answers on port {}", port, e);
            return false;
        }
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            log.debug("Port {} is taken", port, e);
            return false;
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException("No free port for the embedded PostgreSQL", e);
        }
    }

    /** Somebody else's server may have taken the port in between. */
    private void requireOurs() {
        try (var connection = superuser();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SHOW data_directory")) {
            rows.next();
            var theirs = Path.of(rows.getString(1));
            if (!Files.isSameFile(theirs, data())) {
                throw new IllegalStateException(
                        "On port %d answers a PostgreSQL with the data of %s, not of %s. Stop it and start again."
                                .formatted(port, theirs, data()));
            }
        } catch (SQLException | IOException e) {
            throw new IllegalStateException("The embedded PostgreSQL on port %d does not answer".formatted(port), e);
        }
    }

    /** The roles and the database; nothing changes where they are there already. */
    private void prepare() {
        try (var connection = superuser()) {
            role(connection, Credentials.OWNER, credentials.owner());
            role(connection, Credentials.RUNTIME, credentials.runtime());
            if (!exists(connection, "SELECT 1 FROM pg_database WHERE datname = '%s'".formatted(DATABASE))) {
                execute(connection, "CREATE DATABASE %s OWNER %s".formatted(DATABASE, Credentials.OWNER));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The embedded PostgreSQL could not be prepared", e);
        }
    }

    private Connection superuser() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://localhost:%d/postgres".formatted(port),
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

    @Override
    public void destroy() throws IOException {
        if (started.isPresent()) {
            started.get().close();
        }
    }
}
