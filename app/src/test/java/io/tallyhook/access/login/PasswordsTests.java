package io.tallyhook.access.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which passwords are taken, and how they are kept. */
class PasswordsTests {

    @ParameterizedTest
    @CsvSource({
        "elevenchars, short",
        "'', short",
        "123456789012, common",
        "aaaaaaaaaaaa, common",
        "Password1234, common",
        "P@ssw0rd1234, common",
        "admin1234567, common",
        "administrator1, common",
        "qwertyuiop12, common",
        "letmein-12345, common",
        "1q2w3e4r5t6y, common",
        "ada-20261123!, common",
        "correct horse battery, ''",
        "会员系统的密码不能太简单啊, ''",
    })
    void aPasswordIsJudged(String password, String objection) {
        assertThat(Passwords.objection(password, "ada").orElse("")).isEqualTo(objection);
    }

    @Test
    void whatBcryptWouldCutOffIsRefused() {
        assertThat(Passwords.objection("abcdefghij".repeat(8), "ada")).contains("long");
        assertThat(Passwords.objection("密码".repeat(13) + "abcde", "ada")).contains("long");
    }

    @Test
    void aHashIsBcryptWithCostTwelveAndSalted() {
        var encoder = Passwords.encoder();
        var hash = Passwords.hash(encoder, "correct horse battery");
        assertThat(hash).startsWith("{bcrypt}$2a$12$").isNotEqualTo(Passwords.hash(encoder, "correct horse battery"));
        assertThat(encoder.matches("correct horse battery", hash)).isTrue();
        assertThat(encoder.matches("correct horse batterz", hash)).isFalse();
    }

    @Test
    void oneTimePasswordsAreLongReadableAndDifferent() {
        var seen = new HashSet<String>();
        for (int round = 0; round < 1000; round++) {
            seen.add(Passwords.oneTime());
        }
        assertThat(seen)
                .hasSize(1000)
                .allMatch(password -> password.matches("([2-9a-hjkmnp-z]{5}-){3}[2-9a-hjkmnp-z]{5}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-24T00:00:00Z", "2026-11-24T00:00:01Z"})
    void aOneTimePasswordIsNoLongerGoodAfterADay(String later) {
        var made = Instant.parse("2026-11-23T00:00:00Z");
        var until = OneTimePassword.fresh("admin", made).until();
        var person = new Administrator("admin", "", java.util.Optional.of(until));
        assertThat(person.expired(made.plusSeconds(86_399))).isFalse();
        assertThat(person.expired(Instant.parse(later))).isTrue();
    }
}
