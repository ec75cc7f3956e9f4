package io.tallyhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tallyhook.testing.FreshDatabase;

/** The command on the command line: a process that ends with what it found. */
class VerifyLedgerCommandIntegrationTests {

    private final Path folder;

    VerifyLedgerCommandIntegrationTests(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void theProcessEndsWithWhatItFound() throws Exception {
        var url = FreshDatabase.create().replaceFirst("\\?.*", "");
        Flyway.configure()
                .dataSource(url, "postgres", "postgres")
                .locations("classpath:db/migration/wallet")
                .placeholders(Map.of("runtimeRole", "postgres"))
                .load()
                .migrate();
        var login = List.of("--url=" + url, "--username=postgres");

        assertThat(run(login)).isZero();
        assertThat(Files.readString(folder.resolve("out"), StandardCharsets.UTF_8))
                .contains("CLEAN: the ledger is what was booked.");
        assertThat(run(List.of("--url=" + url, "--username=postgres", "--expect-head=" + "00".repeat(32))))
                .isEqualTo(1);
        assertThat(run(List.of("--nonsense"))).isEqualTo(2);
    }

    private int run(List<String> options) throws Exception {
        var command = new ArrayList<String>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                TallyhookApplication.class.getName(),
                "verify-ledger"));
        command.addAll(options);
        var builder = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().put("PGPASSWORD", "postgres");
        var process = builder.start();
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
