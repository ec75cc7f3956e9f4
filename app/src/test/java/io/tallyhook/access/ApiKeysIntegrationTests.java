package io.tallyhook.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Keys of programs: shown once, stored as a hash, ended for good. */
@AccessTest
class ApiKeysIntegrationTests {

    @Autowired
    ApiKeys keys;

    @Autowired
    KnownCallers known;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    SettableClock clock;

    @AfterEach
    void resetClock() {
        clock.reset();
    }

    @Test
    void aKeyHas256RandomBitsAndIsStoredAsAHashOnly() {
        var key = keys.issue("stored", Set.of(Scope.ORDERS_READ), "ada");
        assertThat(key).matches("thk_[A-Za-z0-9_-]{43}");
        assertThat(keys.issue("another", Set.of(Scope.ORDERS_READ), "ada")).isNotEqualTo(key);
        var row = jdbc.sql("SELECT api_key::text FROM access.api_key WHERE name = 'stored'")
                .query(String.class)
                .single();
        assertThat(row).doesNotContain(key).contains(key.substring(0, 10));
    }

    @Test
    void aKeyIsKnownWithItsScopes() {
        var key = keys.issue("scopes", EnumSet.of(Scope.ORDERS_READ, Scope.REFUNDS_WRITE), "ada");
        assertThat(keys.caller(key)).get().satisfies(caller -> {
            assertThat(caller.name()).isEqualTo("scopes");
            assertThat(caller.scopes()).containsExactlyInAnyOrder(Scope.ORDERS_READ, Scope.REFUNDS_WRITE);
        });
    }

    @Test
    void nothingButTheExactKeyIsKnown() {
        var key = keys.issue("exact", Set.of(Scope.ORDERS_READ), "ada");
        assertThat(keys.caller(key + "x")).isEmpty();
        assertThat(keys.caller(key.substring(0, key.length() - 1))).isEmpty();
        assertThat(keys.caller(key.toUpperCase(java.util.Locale.ROOT))).isEmpty();
        assertThat(keys.caller("")).isEmpty();
    }

    @Test
    void aRevokedKeyIsRefusedAtOnceHereAndWithinFiveSecondsElsewhere() {
        var here = keys.issue("here", Set.of(Scope.ORDERS_READ), "ada");
        var elsewhere = keys.issue("elsewhere", Set.of(Scope.ORDERS_READ), "ada");
        assertThat(keys.caller(here)).isPresent();
        assertThat(keys.revoke(number("here"), "ada")).isTrue();
        assertThat(keys.caller(here)).isEmpty();
        assertThat(keys.revoke(number("here"), "ada")).as("only once").isFalse();

        assertThat(keys.caller(elsewhere)).isPresent();
        jdbc.sql("UPDATE access.api_key SET revoked_at = now(), revoked_by = 'bob' WHERE name = 'elsewhere'")
                .update();
        clock.forward(Duration.ofSeconds(5));
        assertThat(keys.caller(elsewhere)).isEmpty();
    }

    @Test
    void theLastUseIsNotedAtMostOnceAMinute() {
        var key = keys.issue("used", Set.of(Scope.ORDERS_READ), "ada");
        assertThat(lastUse("used")).isEmpty();
        keys.caller(key);
        var first = lastUse("used").orElseThrow();
        clock.forward(Duration.ofSeconds(59));
        keys.caller(key);
        assertThat(lastUse("used")).contains(first);
        clock.forward(Duration.ofSeconds(2));
        keys.caller(key);
        assertThat(lastUse("used").orElseThrow()).isAfter(first);
    }

    @Test
    void theBootstrapKeyMayDoEverything() {
        assertThat(keys.caller(AccessTest.BOOTSTRAP_KEY))
                .get()
                .satisfies(caller -> assertThat(caller.scopes()).containsExactlyInAnyOrder(Scope.values()));
    }

    @Test
    void aShortBootstrapKeyStopsTheStartWithItsName() {
        for (var tooShort : new String[] {"", "x".repeat(31)}) {
            assertThatThrownBy(() -> new KnownCallers(jdbc, clock, tooShort))
                    .hasMessageContaining("tallyhook.api.bootstrap-key")
                    .hasMessageContaining("32");
        }
        assertThat(new KnownCallers(jdbc, clock, null).find(""))
                .as("no bootstrap key, no caller")
                .isEmpty();
    }

    @Test
    void aScopeOfALaterVersionGivesNoRight() {
        var key = keys.issue("later", Set.of(Scope.ORDERS_READ), "ada");
        jdbc.sql("UPDATE access.api_key SET scopes = '{orders:read,everything:write}' WHERE name = 'later'")
                .update();
        assertThat(keys.caller(key).orElseThrow().scopes()).containsExactly(Scope.ORDERS_READ);
    }

    private long number(String name) {
        return keys.all().stream()
                .filter(key -> key.name().equals(name))
                .findFirst()
                .orElseThrow()
                .id();
    }

    private Optional<Instant> lastUse(String name) {
        return keys.all().stream()
                .filter(key -> key.name().equals(name))
                .findFirst()
                .orElseThrow()
                .lastUsedAt();
    }
}
