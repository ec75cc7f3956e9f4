package tallyhook.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.springframework.util.FileSystemUtils;

/** A PostgreSQL of its own that keeps what it has acknowledged, and that can be killed, started again, and held still. */
public final class MortalServer implements AutoCloseable {

    private final Path data;
    private final EmbeddedPostgres server;

    public MortalServer() throws IOException {
        data = Files.createTempDirectory("mortal").resolve("data");
        server = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setRegisterShutdownHook(false)
                .start();
    }

    public String url() {
        return server.getJdbcUrl("postgres", "postgres");
    }

    /** Kills the server where it stands, and starts it again. */
    public void dieAndRise() throws Exception {
        var postmaster = ProcessHandle.of(pid()).orElseThrow();
        var command = command(postmaster);
        var processes = all();
        postmaster.destroyForcibly();
        // The others notice that they are orphans; until the last has gone, nobody can take over the data.
        for (var process : processes) {
            process.onExit().get(30, TimeUnit.SECONDS);
        }
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.DISCARD)
                .start();
        Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
            DriverManager.getConnection(url(), "postgres", "postgres").close();
            return true;
        });
    }

    /** Holds all of it still, until {@link #goOn}: it is there, and answers nothing. */
    public void holdStill() throws Exception {
        signal("-STOP");
    }

    public void goOn() throws Exception {
        signal("-CONT");
    }

    /** It is killed and stays dead. */
    public void die() throws Exception {
        var processes = all();
        processes.getLast().destroyForcibly();
        for (var process : processes) {
            process.onExit().get(30, TimeUnit.SECONDS);
        }
    }

    int port() {
        return server.getPort();
    }

    Path data() {
        return data;
    }

    /** How it was started. */
    List<String> command() throws IOException {
        return command(ProcessHandle.of(pid()).orElseThrow());
    }

    private void signal(String which) throws Exception {
        var command = new ArrayList<>(List.of("kill", which));
        all().forEach(process -> command.add(String.valueOf(process.pid())));
        new ProcessBuilder(command).start().waitFor(30, TimeUnit.SECONDS);
    }

    private List<ProcessHandle> all() throws IOException {
        var postmaster = ProcessHandle.of(pid()).orElseThrow();
        var processes = new ArrayList<>(postmaster.descendants().toList());
        processes.add(postmaster);
        return processes;
    }

    private long pid() throws IOException {
        return Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip());
    }

    /** How it was started. PostgreSQL refuses to run as root, so root starts it in a namespace where he is nobody. */
    private static List<String> command(ProcessHandle postmaster) {
        var command = new ArrayList<String>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(postmaster.info().command().orElseThrow());
        command.addAll(List.of(postmaster.info().arguments().orElseThrow()));
        return command;
    }

    @Override
    public void close() throws IOException {
        server.close();
        FileSystemUtils.deleteRecursively(data.getParent());
    }
}
