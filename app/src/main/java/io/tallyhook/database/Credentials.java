package io.tallyhook.database;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/**
 * The passwords of the embedded database's three roles, made once and kept in its private folder.
 *
 * @param superuser of {@code postgres}, which only sets things up
 * @param owner of {@code tallyhook_owner}, which owns the tables and runs the migrations
 * @param runtime of {@code tallyhook}, which the application runs as and which owns nothing
 */
record Credentials(String superuser, String owner, String runtime) {

    static final String SUPERUSER = "postgres";
    static final String OWNER = "tallyhook_owner";
    static final String RUNTIME = "tallyhook";

    private static final SecureRandom RANDOM = new SecureRandom();

    /** The passwords in this file; new ones, kept there, if there is none. */
    static Credentials keptIn(Path file) {
        var lines = PrivateFiles.read(file).map(String::lines).map(java.util.stream.Stream::toList);
        if (lines.isPresent()) {
            return of(lines.get(), file);
        }
        var made = new Credentials(password(), password(), password());
        PrivateFiles.write(file, String.join("\n", made.superuser(), made.owner(), made.runtime()) + "\n");
        return made;
    }

    private static Credentials of(List<String> lines, Path file) {
        if (lines.size() != 3) {
            throw new IllegalStateException(
                    "%s must hold three lines, the passwords of %s, %s and %s. Restore it from a backup."
                            .formatted(file, SUPERUSER, OWNER, RUNTIME));
        }
        return new Credentials(lines.get(0), lines.get(1), lines.get(2));
    }

    private static String password() {
        var bytes = new byte[24];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public String toString() {
        return "Credentials[…]";
    }
}
