package io.tallyhook.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The try-it database keeps what it has acknowledged, as a real one does. */
class EmbeddedServerIntegrationTests {

    private final Path folder;

    EmbeddedServerIntegrationTests(@TempDir Path folder) {
        this.folder = folder.resolve("postgres");
    }

    /** Started in a JVM of its own, which then dies without a word. */
    static final class Killed {

        public static void main(String[] args) throws SQLException {
            var server = new EmbeddedServer(Path.of(args[0]), false);
            execute(server, "CREATE TABLE kept (word text)");
            execute(server, "INSERT INTO kept VALUES ('here')");
            Runtime.getRuntime().halt(9);
        }
    }

    @Test
    void isDurablePrivateAndKeepsItsPortAndItsData() throws Exception {
        var first = new EmbeddedServer(folder, false);
        String url;
        try {
            url = first.jdbcUrl();
            for (var setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
                assertThat(show(first, setting)).as(setting).isEqualTo("on");
            }
            assertThat(Files.getPosixFilePermissions(folder)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
            assertThat(Files.getPosixFilePermissions(folder.resolve("passwords")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(folder.resolve("superuser")).doesNotExist();
            nobodyGetsInWithoutThePassword(first);
            theApplicationsRoleOwnsNothing(first);
            aVisitorUsesItAndLeavesItRunning(first);
            execute(first, "CREATE TABLE kept (word text)");
            execute(first, "INSERT INTO kept VALUES ('here')");
        } finally {
            first.destroy();
        }

        var second = new EmbeddedServer(folder, false);
        try {
            assertThat(second.jdbcUrl()).isEqualTo(url);
            assertThat(query(second, "SELECT word FROM kept")).isEqualTo("here");
        } finally {
            second.destroy();
        }
        assertThat(folder.resolve("data/postmaster.pid")).doesNotExist();
    }

    @Test
    void aServerThatSurvivedAKilledApplicationIsAttachedTo() throws Exception {
        var killed = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Killed.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(killed.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(killed.exitValue()).isEqualTo(9);
        assertThat(folder.resolve("data/postmaster.pid"))
                .as("the server lives on")
                .exists();

        var attached = new EmbeddedServer(folder, false);
        try {
            assertThat(query(attached, "SELECT word FROM kept")).isEqualTo("here");
        } finally {
            attached.destroy();
        }
        assertThat(folder.resolve("data/postmaster.pid")).as("and was stopped").doesNotExist();
    }

    @Test
    void aPidFileThatACrashLeftBehindAndAPortThatSomebodyElseTookDoNotKeepItFromStarting() throws Exception {
        var first = new EmbeddedServer(folder, false);
        execute(first, "CREATE TABLE kept (word text)");
        first.destroy();
        try (var somebodyElse = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = somebodyElse.getLocalPort();
            Files.writeString(folder.resolve("port"), Integer.toString(port));
            Files.writeString(
                    folder.resolve("data/postmaster.pid"),
                    "999999\n%s\n0\n%d\n\nlocalhost\n".formatted(folder.resolve("data"), port));

            var second = new EmbeddedServer(folder, false);
            try {
                assertThat(second.jdbcUrl()).doesNotContain(":" + port + "/");
                assertThat(query(second, "SELECT count(*) FROM kept")).isEqualTo("0");
            } finally {
                second.destroy();
            }
        }
    }

    @Test
    void anUnfinishedFirstStartIsSetAsideAndNotDeleted() throws IOException {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/half"), "written");

        var server = new EmbeddedServer(folder, false);
        server.destroy();

        try (var files = Files.list(folder)) {
            var aside = files.filter(file -> file.getFileName().toString().startsWith("data-unfinished-"))
                    .findFirst()
                    .orElseThrow();
            assertThat(aside.resolve("half")).hasContent("written");
        }
    }

    @Test
    void damagedPasswordsAreNamedAndNotReplaced() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("passwords"), "only one line\n");

        assertThatThrownBy(() -> new EmbeddedServer(folder, false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("passwords")
                .hasMessageContaining("backup")
                .hasMessageNotContaining("only one line");
    }

    private void aVisitorUsesItAndLeavesItRunning(EmbeddedServer host) throws Exception {
        var visitor = new EmbeddedServer(folder, true);
        assertThat(visitor.jdbcUrl()).isEqualTo(host.jdbcUrl());
        visitor.destroy();
        assertThat(query(host, "SELECT 'alive'")).isEqualTo("alive");
    }

    private static void nobodyGetsInWithoutThePassword(EmbeddedServer server) {
        for (var user : List.of(Credentials.SUPERUSER, Credentials.OWNER, Credentials.RUNTIME)) {
            assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl(), user, "guess"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password");
        }
    }

    private static void theApplicationsRoleOwnsNothing(EmbeddedServer server) throws SQLException {
        try (var connection = DriverManager.getConnection(
                        server.jdbcUrl(),
                        Credentials.RUNTIME,
                        server.credentials().runtime());
                var statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("CREATE SCHEMA mine")).hasMessageContaining("permission denied");
            assertThatThrownBy(() -> statement.execute("CREATE TABLE public.mine (n int)"))
                    .hasMessageContaining("permission denied");
        }
    }

    private static String show(EmbeddedServer server, String setting) throws SQLException {
        return query(server, "SHOW " + setting);
    }

    private static String query(EmbeddedServer server, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(
                        server.jdbcUrl(),
                        Credentials.OWNER,
                        server.credentials().owner());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void execute(EmbeddedServer server, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(
                        server.jdbcUrl(),
                        Credentials.OWNER,
                        server.credentials().owner());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
