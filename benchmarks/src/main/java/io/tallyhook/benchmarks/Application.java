package io.tallyhook.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The packaged application, as a process of its own with accounts that were made for this run. */
final class Application implements AutoCloseable {

    static final String ADMIN = "bench";
    static final String PASSWORD = "a-long-password-for-benchmarks";

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final int port = freePort();
    private final Path folder;
    private final List<String> command = new ArrayList<>();
    private Process process;
    private long ready;

    private Application(MeasuredServer server, List<Provider> providers, List<String> more) throws IOException {
        folder = Files.createTempDirectory("tallyhook-bench");
        var settings = Files.write(folder.resolve("bench.properties"), settings(server, providers));
        command.add(java());
        command.addAll(
                List.of(System.getProperty("tallyhook.bench.java-options", "").split(" ")));
        command.removeIf(String::isEmpty);
        command.addAll(List.of("-jar", Packaged.jar().toString()));
        command.add("--spring.config.additional-location=file:" + settings);
        command.addAll(more);
        process = launched();
        // Also when the benchmark is interrupted.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> process.destroy()));
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private Process launched() throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
    }

    static Application start(MeasuredServer server, List<Provider> providers) {
        return start(server, providers, List.of());
    }

    /** @param more arguments on its command line */
    static Application start(MeasuredServer server, List<Provider> providers, List<String> more) {
        try {
            var application = new Application(server, providers, more);
            application.awaitReadiness();
            application.ready = application.log().lines().count();
            return application;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code kill -9}. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGTERM. Its exit code, once it is gone. */
    CompletableFuture<Integer> terminate() {
        process.destroy();
        return process.onExit().thenApply(Process::exitValue);
    }

    /** After it was killed: on the same port and the same data. Back when it is ready. */
    void startAgain() {
        try {
            process = launched();
            awaitReadiness();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("Interrupted while the application stopped", e);
        }
    }

    private List<String> settings(MeasuredServer server, List<Provider> providers) {
        var lines = new ArrayList<>(List.of(
                "server.port=" + port,
                "server.address=127.0.0.1",
                "spring.datasource.url=" + server.jdbcUrl(),
                "spring.datasource.username=" + server.user(),
                "spring.datasource.password=" + server.password(),
                "tallyhook.sandbox.enabled=false",
                "tallyhook.public-url=http://127.0.0.1:" + port,
                "tallyhook.data-dir=" + folder,
                "tallyhook.admin.username=" + ADMIN,
                "tallyhook.admin.password=" + PASSWORD));
        for (var provider : providers) {
            provider.settings()
                    .forEach((name, value) -> lines.add("tallyhook.providers.%s.%s.%s=%s"
                            .formatted(provider.name(), Provider.ACCOUNT, name, value)));
        }
        return lines;
    }

    private void awaitReadiness() {
        var request =
                HttpRequest.newBuilder(address("/actuator/health/readiness")).build();
        long end = System.nanoTime() + PATIENCE.toNanos();
        try (var http = HttpClient.newHttpClient()) {
            while (!answers(http, request)) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    var log = log();
                    close();
                    throw new IllegalStateException("The application does not start:\n" + log);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            }
        }
    }

    private static boolean answers(HttpClient http, HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException("Interrupted while the application started", e);
        }
    }

    URI address(String path) {
        return URI.create("http://127.0.0.1:%d%s".formatted(port, path));
    }

    int port() {
        return port;
    }

    /** Processor time used so far, in hundredths of a second. */
    long cpu() {
        return CpuTime.Meter.total(process.pid());
    }

    String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return "";
        }
    }

    /** Warnings and errors that it has logged since it was ready: a benchmark that causes some measures something else than it thinks. */
    List<String> complaints() {
        return log().lines()
                .skip(ready)
                .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
                .toList();
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        awaitEnd();
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
