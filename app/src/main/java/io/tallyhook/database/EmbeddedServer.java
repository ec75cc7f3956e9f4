package io.tallyhook.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        var superuser = new Superuser(credentials);
        var ports = new ServerPort(folder);
        var running = ports.ofSurvivor().filter(survivor -> superuser.finds(survivor, data()));
        if (running.isPresent()) {
            log.info("The embedded PostgreSQL is still running on port {} and is attached to", running.get());
        } else {
            setAsideUnfinished();
        }
        this.port = running.orElseGet(ports::toStartOn);
        this.started = visiting && running.isPresent() ? Optional.empty() : Optional.of(start());
        if (!superuser.finds(port, data())) {
            throw new IllegalStateException(
                    "On port %d answers another PostgreSQL than that of %s. Stop it and start again."
                            .formatted(port, data()));
        }
        PrivateFiles.write(folder.resolve("initialised"), "The first start has finished.\n");
        superuser.prepare(port, DATABASE);
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

    @Override
    public void destroy() throws IOException {
        if (started.isPresent()) {
            started.get().close();
        }
    }
}
