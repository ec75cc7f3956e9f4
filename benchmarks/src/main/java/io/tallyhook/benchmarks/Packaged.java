package io.tallyhook.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The jar of the application: as it is, or unpacked, where it starts a third faster, for tests that start it again and again. */
final class Packaged {

    private static final Path JAR =
            Path.of(System.getProperty("tallyhook.bench.application", "app/target/tallyhook.jar"));

    private static final class Unpacked {

        static final Path JAR = unpack(Packaged.JAR);
    }

    private Packaged() {}

    static Path jar() {
        if (!Files.exists(JAR)) {
            throw new IllegalStateException("There is no %s yet: mvn package".formatted(JAR));
        }
        return Boolean.getBoolean("tallyhook.bench.unpack") ? Unpacked.JAR : JAR;
    }

    private static Path unpack(Path jar) {
        var folder = Path.of(
                "target", "unpacked-%d".formatted(ProcessHandle.current().pid()));
        try {
            var unpacking = new ProcessBuilder(
                            Application.java(),
                            "-Djarmode=tools",
                            "-jar",
                            jar.toString(),
                            "extract",
                            "--force",
                            "--destination",
                            folder.toString())
                    .inheritIO()
                    .start();
            if (!unpacking.waitFor(5, TimeUnit.MINUTES) || unpacking.exitValue() != 0) {
                throw new IllegalStateException("%s cannot be unpacked".formatted(jar));
            }
            return folder.resolve(jar.getFileName());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Interrupted while the application was unpacked", e);
        }
    }
}
