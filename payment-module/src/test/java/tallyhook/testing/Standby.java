package tallyhook.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.springframework.util.FileSystemUtils;

/**
 * A second server that follows a {@link MortalServer} and without which that one acknowledges nothing (synchronous streaming
 * replication). Made by hand, since the embedded build has no {@code pg_basebackup}.
 */
public final class Standby {

    private static final String NAME = "standby";

    private final Path data;
    private final int port;
    private final Process process;

    /** Follows from now on. */
    public Standby(MortalServer primary) throws Exception {
        data = primary.data().resolveSibling("standby");
        port = freePort();
        copy(primary);
        Files.createFile(data.resolve("standby.signal"));
        Files.writeString(data.resolve("postgresql.auto.conf"), """
                primary_conninfo = 'host=127.0.0.1 port=%d user=postgres password=postgres application_name=%s'
                """.formatted(primary.port(), NAME));
        process = new ProcessBuilder(command(primary))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.DISCARD)
                .start();
        try (var connection = connection(primary.url())) {
            awaitTrue(connection, "SELECT EXISTS (SELECT FROM pg_stat_replication WHERE state = 'streaming')");
            execute(connection, "ALTER SYSTEM SET synchronous_standby_names = '%s'".formatted(NAME));
            execute(connection, "SELECT pg_reload_conf()");
            awaitTrue(connection, "SELECT EXISTS (SELECT FROM pg_stat_replication WHERE sync_state = 'sync')");
        }
    }

    private void copy(MortalServer primary) throws SQLException, IOException {
        try (var connection = connection(primary.url())) {
            execute(connection, "SELECT pg_backup_start('standby', true)");
            FileSystemUtils.copyRecursively(primary.data(), data);
            for (var unwanted : List.of("postmaster.pid", "postmaster.opts")) {
                Files.deleteIfExists(data.resolve(unwanted));
            }
            Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
                row.next();
                Files.writeString(data.resolve("backup_label"), row.getString(1));
            }
        }
    }

    private List<String> command(MortalServer primary) throws IOException {
        var command = new ArrayList<String>();
        for (var word : primary.command()) {
            command.add(
                    word.equals(primary.data().toString())
                            ? data.toString()
                            : word.equals(String.valueOf(primary.port()))
                                    ? String.valueOf(port)
                                    : word.replace("port=" + primary.port(), "port=" + port));
        }
        return command;
    }

    /** The address under which whoever of both is the primary is found. */
    public String urlOfBoth(MortalServer primary) {
        return "jdbc:postgresql://localhost:%d,localhost:%d/postgres?targetServerType=primary&hostRecheckSeconds=1"
                .formatted(primary.port(), port);
    }

    /** It takes over. */
    public void promote() throws SQLException {
        try (var connection = connection("jdbc:postgresql://localhost:%d/postgres".formatted(port))) {
            execute(connection, "SELECT pg_promote()");
        }
    }

    private static Connection connection(String url) throws SQLException {
        return DriverManager.getConnection(url, "postgres", "postgres");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void awaitTrue(Connection connection, String question) {
        Awaitility.await(question).atMost(Duration.ofSeconds(90)).until(() -> {
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery(question)) {
                return row.next() && row.getBoolean(1);
            }
        });
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its folder goes with that of the primary. */
    public void close() throws Exception {
        var all = new ArrayList<>(process.descendants().toList());
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        process.waitFor(30, TimeUnit.SECONDS);
        for (var each : all) {
            each.onExit().get(30, TimeUnit.SECONDS);
        }
    }
}
