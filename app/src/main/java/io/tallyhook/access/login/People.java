package io.tallyhook.access.login;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.NamedInterface;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Who may work in the admin pages. A name belongs to one person for ever: it is not given out again, and nobody sets the
 * password of somebody who has chosen one, so that what was done under a name was done by its person.
 */
@NamedInterface("people")
@Component
public class People {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,63}");

    private final JdbcClient jdbc;
    private final PasswordEncoder encoder;
    private final Clock clock;

    People(JdbcClient jdbc, PasswordEncoder encoder, Clock clock) {
        this.jdbc = jdbc;
        this.encoder = encoder;
        this.clock = clock;
    }

    /** All, those who work here first. */
    public List<Person> all() {
        return jdbc.sql("SELECT * FROM access.admin_user ORDER BY deactivated_at IS NOT NULL, username")
                .query(People::person)
                .list();
    }

    /** Whether a text can be a name: 1 to 64 characters of {@code a-z 0-9 . _ @ -}, whatever the case. */
    public static boolean isName(String text) {
        return NAME.matcher(Administrators.normalised(text)).matches();
    }

    /**
     * Lets somebody in, with a password that is good for one login within 24 hours and is told here only.
     *
     * @return the password; nothing if the name is or was somebody's
     */
    public Optional<String> add(String name, String by) {
        return given(name, by, """
                        INSERT INTO access.admin_user
                          (username, password_hash, one_time_until, created_at, password_since, added_by)
                        VALUES (:username, :hash, :until, :now, :now, :by)
                        ON CONFLICT (username) DO NOTHING
                        """);
    }

    /**
     * A new one-time password for somebody who has not signed in yet.
     *
     * @param by who sees the password, and so becomes who added this person
     * @return the password; nothing if the person has chosen one already, is deactivated or does not exist
     */
    public Optional<String> inviteAgain(String name, String by) {
        return given(name, by, """
                        UPDATE access.admin_user
                        SET password_hash = :hash, one_time_until = :until, password_since = :now, added_by = :by
                        WHERE username = :username AND one_time_until IS NOT NULL AND deactivated_at IS NULL
                        """);
    }

    /** @return the password, if this writes it to somebody's line */
    private Optional<String> given(String name, String by, String sql) {
        var oneTime = OneTimePassword.fresh(Administrators.normalised(name), clock.instant());
        int written = jdbc.sql(sql)
                .param("username", oneTime.username())
                .param("hash", Passwords.hash(encoder, oneTime.password()))
                .param("until", Timestamp.from(oneTime.until()))
                .param("now", Timestamp.from(clock.instant()))
                .param("by", by)
                .update();
        return written == 1 ? Optional.of(oneTime.password()) : Optional.empty();
    }

    /**
     * Shuts somebody out: no login any more, and every session ends. Nobody shuts himself out, so that there is always
     * somebody left; of two who try it with each other at the same moment one succeeds.
     *
     * @return whether it was done
     */
    @Transactional
    public boolean deactivate(String name, String by) {
        var username = Administrators.normalised(name);
        // Whoever comes second waits here, and then no longer finds himself among the active.
        var active = jdbc.sql("""
                        SELECT username FROM access.admin_user WHERE deactivated_at IS NULL ORDER BY id FOR UPDATE
                        """).query(String.class).list();
        if (username.equals(by) || !active.contains(username) || !active.contains(by)) {
            return false;
        }
        jdbc.sql("UPDATE access.admin_user SET deactivated_at = :now, deactivated_by = :by WHERE username = :username")
                .param("now", Timestamp.from(clock.instant()))
                .param("by", by)
                .param("username", username)
                .update();
        jdbc.sql("DELETE FROM access.session WHERE principal_name = :username")
                .param("username", username)
                .update();
        return true;
    }

    /** Whether somebody was shut out; asked at every request, so that no session outlives it. */
    public boolean shutOut(String username) {
        return jdbc.sql("""
                        SELECT EXISTS (SELECT FROM access.admin_user
                                       WHERE username = :username AND deactivated_at IS NOT NULL)
                        """).param("username", username).query(Boolean.class).single();
    }

    private static Person person(ResultSet row, int number) throws SQLException {
        return new Person(
                row.getString("username"),
                row.getTimestamp("created_at").toInstant(),
                Optional.ofNullable(row.getString("added_by")),
                instant(row.getTimestamp("one_time_until")),
                instant(row.getTimestamp("deactivated_at")),
                Optional.ofNullable(row.getString("deactivated_by")));
    }

    private static Optional<Instant> instant(@Nullable Timestamp time) {
        return Optional.ofNullable(time).map(Timestamp::toInstant);
    }
}
