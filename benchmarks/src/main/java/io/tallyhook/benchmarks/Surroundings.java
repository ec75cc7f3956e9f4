package io.tallyhook.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Where and when something was measured: without it no figure means anything. */
record Surroundings(JdbcClient jdbc, Clock clock) {

    @Override
    public String toString() {
        return "%s, PostgreSQL %s (fsync %s, synchronous_commit %s), JDK %s, %d processors (%s)"
                .formatted(
                        LocalDate.now(clock),
                        setting("server_version"),
                        setting("fsync"),
                        setting("synchronous_commit"),
                        Runtime.version(),
                        Runtime.getRuntime().availableProcessors(),
                        processor());
    }

    private String setting(String name) {
        return jdbc.sql("SELECT current_setting(:name)")
                .param("name", name)
                .query(String.class)
                .single();
    }

    private static String processor() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.replaceFirst(".*:\\s*", ""))
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}
