package io.tallyhook.access.login;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The administrators in {@code access.admin_user}. A new password ends all sessions of its owner. */
@Repository
class Administrators {

    private final JdbcClient jdbc;
    private final Clock clock;

    Administrators(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** User names are compared without case and outer spaces. */
    static String normalised(String username) {
        return username.strip().toLowerCase(Locale.ROOT);
    }

    boolean none() {
        return !jdbc.sql("SELECT EXISTS (SELECT 1 FROM access.admin_user)")
                .query(Boolean.class)
                .single();
    }

    /** Of all who were not deactivated the one who has been there longest. */
    Optional<String> first() {
        return jdbc.sql("SELECT username FROM access.admin_user WHERE deactivated_at IS NULL ORDER BY id LIMIT 1")
                .query(String.class)
                .optional();
    }

    /** Who was deactivated is not found. */
    Optional<Administrator> find(String username) {
        return jdbc.sql("""
                        SELECT username, password_hash, one_time_until FROM access.admin_user
                         WHERE username = :username AND deactivated_at IS NULL""")
                .param("username", normalised(username))
                .query((row, number) -> new Administrator(
                        row.getString("username"),
                        row.getString("password_hash"),
                        Optional.ofNullable(row.getTimestamp("one_time_until")).map(Timestamp::toInstant)))
                .optional();
    }

    /** Creates the very first administrator, and nobody if there is one already or another instance is faster. */
    boolean createFirst(String username, String passwordHash, @Nullable Instant oneTimeUntil) {
        return jdbc.sql("""
                        INSERT INTO access.admin_user (username, password_hash, one_time_until, created_at, password_since)
                        SELECT :username, :hash, :until, :now, :now
                         WHERE NOT EXISTS (SELECT 1 FROM access.admin_user)
                        ON CONFLICT (username) DO NOTHING""")
                        .param("username", normalised(username))
                        .param("hash", passwordHash)
                        .param("until", timestamp(oneTimeUntil))
                        .param("now", Timestamp.from(clock.instant()))
                        .update()
                == 1;
    }

    /** Sets a password, or a one-time password, and ends the sessions that the old one opened. */
    boolean changePassword(String username, String passwordHash, @Nullable Instant oneTimeUntil) {
        int changed = jdbc.sql("""
                        UPDATE access.admin_user
                           SET password_hash = :hash, one_time_until = :until, password_since = :now
                         WHERE username = :username""")
                .param("username", username)
                .param("hash", passwordHash)
                .param("until", timestamp(oneTimeUntil))
                .param("now", Timestamp.from(clock.instant()))
                .update();
        jdbc.sql("DELETE FROM access.session WHERE principal_name = :username")
                .param("username", username)
                .update();
        return changed == 1;
    }

    private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
        return instant == null ? null : Timestamp.from(instant);
    }
}
