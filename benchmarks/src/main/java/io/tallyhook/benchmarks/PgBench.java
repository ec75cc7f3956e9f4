package io.tallyhook.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The measure of all things here: PostgreSQL's own load generator, running a plain transaction. It stands for what the
 * simplest system could do on this server at this moment.
 */
final class PgBench {

    private static final Pattern COUNT = Pattern.compile("number of transactions actually processed: (\\d+)");
    private final Path program;
    private final MeasuredServer server;
    private final int clients;
    private final Path script;
    private final List<String> options;

    /** @param transaction what each of the clients does again and again */
    PgBench(MeasuredServer server, int clients, String transaction, String... options) {
        this.program = find();
        this.server = server;
        this.clients = clients;
        this.script = write(transaction);
        this.options = List.of(options);
    }

    /** Runs it for a while. Answers how many transactions it made. */
    long run(Duration time) {
        var command = new ProcessBuilder(
                program.toString(),
                "--no-vacuum",
                "--protocol=prepared",
                "--client=" + clients,
                "--jobs=2",
                "--time=" + time.toSeconds(),
                "--file=" + script,
                "--host=" + server.host(),
                "--port=" + server.port(),
                "--username=" + server.user(),
                server.database());
        command.command().addAll(1, options);
        command.redirectErrorStream(true);
        command.environment().put("PGPASSWORD", server.password());
        try {
            var process = command.start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return count(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Interrupted while pgbench ran", e);
        }
    }

    static long count(String output) {
        var found = COUNT.matcher(output);
        if (!found.find()) {
            throw new IllegalStateException("pgbench failed:\n" + output);
        }
        return Long.parseLong(found.group(1));
    }

    /** On the path, or where Debian keeps those of several versions: the newest. */
    private static Path find() {
        var path =
                Stream.of(System.getenv().getOrDefault("PATH", "").split(":")).map(Path::of);
        return Stream.concat(path, debians())
                .map(folder -> folder.resolve("pgbench"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "pgbench is not installed (on Debian: apt-get install postgresql-contrib)"));
    }

    private static Stream<Path> debians() {
        var versions = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(versions)) {
            return Stream.empty();
        }
        try (var folders = Files.list(versions)) {
            return List.copyOf(folders.toList()).stream()
                    .sorted(Comparator.reverseOrder())
                    .map(version -> version.resolve("bin"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path write(String text) {
        try {
            var file = Files.createTempFile("plain-transaction", ".sql");
            file.toFile().deleteOnExit();
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
