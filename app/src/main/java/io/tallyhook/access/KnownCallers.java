package io.tallyhook.access;

import java.security.MessageDigest;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Finds the caller behind a key, at most {@link #STALE} out of date, and notes when a key was last used. */
@Component
class KnownCallers {

    /** How long a revoked key may still be taken for a good one by another instance. */
    static final Duration STALE = Duration.ofSeconds(5);

    private static final Duration NOTE_USE_EVERY = Duration.ofMinutes(1);
    private static final int BOOTSTRAP_LENGTH = 32;

    private final JdbcClient jdbc;
    private final Clock clock;
    private final Optional<byte[]> bootstrap;
    /** Holds keys in use only, so that made-up keys cannot fill it. */
    private final Map<String, Known> cache = new ConcurrentHashMap<>();

    private final Map<Long, Instant> noted = new ConcurrentHashMap<>();

    KnownCallers(JdbcClient jdbc, Clock clock, @Value("${tallyhook.api.bootstrap-key:#{null}}") @Nullable String key) {
        if (key != null && key.length() < BOOTSTRAP_LENGTH) {
            throw new IllegalStateException("tallyhook.api.bootstrap-key has %d characters; it needs at least %d."
                    .formatted(key.length(), BOOTSTRAP_LENGTH));
        }
        this.jdbc = jdbc;
        this.clock = clock;
        this.bootstrap = Optional.ofNullable(key).map(KeyText::hash);
    }

    Optional<ApiCaller> find(String key) {
        var hash = KeyText.hash(key);
        if (bootstrap.filter(ours -> MessageDigest.isEqual(ours, hash)).isPresent()) {
            return Optional.of(new ApiCaller(ApiCaller.BOOTSTRAP, "bootstrap", EnumSet.allOf(Scope.class)));
        }
        var caller = cached(hash);
        caller.ifPresent(this::noteUse);
        return caller;
    }

    void forget() {
        cache.clear();
    }

    private Optional<ApiCaller> cached(byte[] hash) {
        var now = clock.instant();
        var name = HexFormat.of().formatHex(hash);
        var known = cache.get(name);
        if (known != null && now.isBefore(known.until())) {
            return Optional.of(known.caller());
        }
        var found = load(hash);
        found.ifPresentOrElse(caller -> cache.put(name, new Known(caller, now.plus(STALE))), () -> cache.remove(name));
        return found;
    }

    private Optional<ApiCaller> load(byte[] hash) {
        return jdbc.sql("SELECT id, name, scopes FROM access.api_key WHERE hash = :hash AND revoked_at IS NULL")
                .param("hash", hash)
                .query((row, number) -> new ApiCaller(row.getLong("id"), row.getString("name"), ApiKeys.scopes(row)))
                .optional();
    }

    private void noteUse(ApiCaller caller) {
        var now = clock.instant();
        var last = noted.get(caller.keyId());
        if (last != null && now.isBefore(last.plus(NOTE_USE_EVERY))) {
            return;
        }
        noted.put(caller.keyId(), now);
        jdbc.sql("""
                        UPDATE access.api_key SET last_used_at = :now
                         WHERE id = :id AND (last_used_at IS NULL OR last_used_at <= :before)""")
                .param("now", Timestamp.from(now))
                .param("before", Timestamp.from(now.minus(NOTE_USE_EVERY)))
                .param("id", caller.keyId())
                .update();
    }

    private record Known(ApiCaller caller, Instant until) {}
}
