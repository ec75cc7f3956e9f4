package io.tallyhook.access;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** The keys of programs that call the API: made, listed and revoked by administrators. */
@Service
public class ApiKeys {

    private static final Logger LOG = LoggerFactory.getLogger(ApiKeys.class);

    private final JdbcClient jdbc;
    private final Clock clock;
    private final KnownCallers known;

    ApiKeys(JdbcClient jdbc, Clock clock, KnownCallers known) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.known = known;
    }

    /**
     * Makes a key.
     *
     * @param by the administrator who makes it
     * @return the key itself; it is stored as a hash only, so this is the one time it can be shown
     */
    public String issue(String name, Collection<Scope> scopes, String by) {
        var key = KeyText.fresh();
        jdbc.sql("""
                        INSERT INTO access.api_key (name, hint, hash, scopes, created_at, created_by)
                        VALUES (:name, :hint, :hash, :scopes, :now, :by)""")
                .param("name", name)
                .param("hint", key.substring(0, KeyText.HINT_LENGTH))
                .param("hash", KeyText.hash(key))
                .param("scopes", scopes.stream().distinct().map(Scope::text).toArray(String[]::new))
                .param("now", Timestamp.from(clock.instant()))
                .param("by", by)
                .update();
        LOG.info("{} made the API key {}… \"{}\" with {}", by, key.substring(0, KeyText.HINT_LENGTH), name, scopes);
        return key;
    }

    /** All keys, those in use first, newest first. */
    public List<ApiKey> all() {
        return jdbc.sql("""
                        SELECT id, name, hint, scopes, created_at, created_by, last_used_at, revoked_at
                          FROM access.api_key
                         ORDER BY revoked_at IS NOT NULL, id DESC
                         LIMIT 500""").query((row, number) -> key(row)).list();
    }

    /**
     * Ends a key. Other instances notice within the life of their cache, five seconds.
     *
     * @return whether there was such a key still in use
     */
    public boolean revoke(long id, String by) {
        int revoked = jdbc.sql("""
                        UPDATE access.api_key SET revoked_at = :now, revoked_by = :by
                         WHERE id = :id AND revoked_at IS NULL""")
                .param("now", Timestamp.from(clock.instant()))
                .param("by", by)
                .param("id", id)
                .update();
        known.forget();
        LOG.info("{} revoked the API key number {}", by, id);
        return revoked == 1;
    }

    /** Whose key this is, if it is one in use. */
    public Optional<ApiCaller> caller(String key) {
        return known.find(key);
    }

    private static ApiKey key(ResultSet row) throws SQLException {
        return new ApiKey(
                row.getLong("id"),
                row.getString("name"),
                row.getString("hint"),
                scopes(row),
                row.getTimestamp("created_at").toInstant(),
                row.getString("created_by"),
                time(row, "last_used_at"),
                time(row, "revoked_at"));
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    }

    /** A scope that a later version wrote and this one does not know gives no right. */
    static Set<Scope> scopes(ResultSet row) throws SQLException {
        var texts = (String[]) row.getArray("scopes").getArray();
        var scopes = EnumSet.noneOf(Scope.class);
        Arrays.stream(texts).map(Scope::of).flatMap(Optional::stream).forEach(scopes::add);
        return Collections.unmodifiableSet(scopes);
    }
}
