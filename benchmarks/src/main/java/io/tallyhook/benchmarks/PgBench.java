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
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The measure of all things here: PostgreSQL's own load generator, running a transaction of one {@code INSERT} and one
 * {@code UPDATE} of a row. It stands for what the simplest wallet could do on this server at this moment.
 */
final class PgBench {

    private static final Pattern COUNT = Pattern.compile("number of transactions actually processed: (\\d+)");
    private static final String SCRIPT = """
            \\set account random(1, %d)
            \\set amount random(1, 5000)
            BEGIN;
            INSERT INTO plain_entry (account_id, amount) VALUES (:account, :amount);
            UPDATE plain_account SET balance = balance + :amount WHERE account_id = :account;
            COMMIT;
            """;

    private final Path program;
    private final MeasuredServer server;
    private final int clients;
    private final Path script;

    PgBench(MeasuredServer server, JdbcClient jdbc, Effort effort) {
        this.program = find();
        this.server = server;
        this.clients = effort.clients();
        this.script = write(SCRIPT.formatted(effort.wallets()));
        jdbc.sql(
                        "CREATE TABLE plain_account (account_id int PRIMARY KEY, balance bigint NOT NULL) WITH (fillfactor = 70)")
                .update();
        jdbc.sql("INSERT INTO plain_account SELECT n, 0 FROM generate_series(1, :wallets) n")
                .param("wallets", effort.wallets())
                .update();
        jdbc.sql("""
                        CREATE TABLE plain_entry (
                          entry_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                          account_id int NOT NULL,
                          amount     bigint NOT NULL,
                          at         timestamptz NOT NULL DEFAULT clock_timestamp())
                        """).update();
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
                        server.database())
                .redirectErrorStream(true);
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
