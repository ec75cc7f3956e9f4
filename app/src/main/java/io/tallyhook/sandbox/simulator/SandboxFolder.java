package io.tallyhook.sandbox.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;

/** Where the sandbox keeps what must outlive a restart. Only the owner may look inside. */
public final class SandboxFolder {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path path;

    private SandboxFolder(Path path) {
        this.path = path;
    }

    /** The folder {@code sandbox} in the data folder; made when something is first written. */
    public static SandboxFolder in(Path dataDirectory) {
        return new SandboxFolder(dataDirectory.resolve("sandbox"));
    }

    /** The merchant API key of the sandbox shop: 256 random bits, the same at every start. */
    public String apiKey() {
        return textOf("api-key.txt", () -> "sandbox_" + randomText());
    }

    /** The content of a file; if there is none yet, it is made of what {@code first} supplies. */
    String textOf(String name, Supplier<String> first) {
        return read(name).orElseGet(() -> {
            write(name, first.get(), false);
            return read(name).orElseThrow();
        });
    }

    /** The content of a file, if there is one. */
    public Optional<String> read(String name) {
        var file = path.resolve(name);
        try {
            return Files.exists(file)
                    ? Optional.of(Files.readString(file, StandardCharsets.UTF_8).strip())
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("The sandbox cannot read " + file, e);
        }
    }

    /** Writes whole or not at all; without {@code replace}, what is there already stays. */
    public void write(String name, String text, boolean replace) {
        try {
            Files.createDirectories(path, onlyOwner("rwx------"));
            var draft = Files.createTempFile(path, name, ".new", onlyOwner("rw-------"));
            Files.writeString(draft, text + "\n", StandardCharsets.UTF_8);
            if (replace) {
                Files.move(draft, path.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            } else {
                moveIfAbsent(draft, path.resolve(name));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The sandbox cannot write %s in %s".formatted(name, path), e);
        }
    }

    static String randomText() {
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static void moveIfAbsent(Path draft, Path file) throws IOException {
        try {
            Files.move(draft, file);
        } catch (FileAlreadyExistsException e) {
            Files.delete(draft);
        }
    }

    private FileAttribute<?>[] onlyOwner(String permissions) {
        var posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
