package io.tallyhook.access.login;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/** What a password must be, and how one is made and hashed. */
final class Passwords {

    static final int SHORTEST = 12;
    /** bcrypt reads no further. */
    static final int LONGEST_BYTES = 72;

    /** Words that most guessed passwords are built around, once digits and signs are taken away. */
    private static final Set<String> COMMON = Set.of(
            "",
            "password",
            "passwort",
            "passwd",
            "passw",
            "pass",
            "pword",
            "admin",
            "adminadmin",
            "administrator",
            "root",
            "user",
            "guest",
            "test",
            "testtest",
            "tester",
            "demo",
            "login",
            "welcome",
            "letmein",
            "changeme",
            "secret",
            "default",
            "master",
            "qwerty",
            "qwertyuiop",
            "qwertz",
            "asdfghjkl",
            "zxcvbnm",
            "qwertyuiopasdfghjkl",
            "azerty",
            "qazwsx",
            "qazwsxedc",
            "qwe",
            "qweasd",
            "qweasdzxc",
            "qweqwe",
            "asd",
            "asdasd",
            "abc",
            "abcabc",
            "abcd",
            "abcdef",
            "abcdefgh",
            "abcdefghijkl",
            "iloveyou",
            "loveyou",
            "monkey",
            "dragon",
            "football",
            "baseball",
            "sunshine",
            "princess",
            "superman",
            "batman",
            "shadow",
            "michael",
            "woaini",
            "woaiwojia",
            "mima",
            "tallyhook",
            "tallyhookadmin",
            "payment",
            "payments",
            "wechat",
            "alipay");

    private static final SecureRandom RANDOM = new SecureRandom();
    /** No letters or digits that look alike. */
    private static final String READABLE = "23456789abcdefghjkmnpqrstuvwxyz";

    private Passwords() {}

    /** bcrypt with cost 12: slow enough, and unlike Argon2id it needs no further library. The prefix keeps others open. */
    static PasswordEncoder encoder() {
        return new DelegatingPasswordEncoder("bcrypt", Map.of("bcrypt", new BCryptPasswordEncoder(12)));
    }

    static String hash(PasswordEncoder encoder, String password) {
        return Objects.requireNonNull(encoder.encode(password));
    }

    /** Twenty readable characters, 99 bits. */
    static String oneTime() {
        return RANDOM.ints(20, 0, READABLE.length())
                .mapToObj(index -> String.valueOf(READABLE.charAt(index)))
                .collect(Collectors.joining())
                .replaceAll("(.{5})(?=.)", "$1-");
    }

    /** Why a password may not be used, as the ending of a message key; nothing if it may. */
    static Optional<String> objection(String password, String username) {
        if (password.codePointCount(0, password.length()) < SHORTEST) {
            return Optional.of("short");
        }
        if (password.getBytes(StandardCharsets.UTF_8).length > LONGEST_BYTES) {
            return Optional.of("long");
        }
        return common(password.toLowerCase(Locale.ROOT), username) ? Optional.of("common") : Optional.empty();
    }

    private static boolean common(String password, String username) {
        boolean repetitive = password.chars().distinct().count() < 5;
        return repetitive
                || COMMON.contains(letters(password))
                || COMMON.contains(letters(unmasked(password)))
                || letters(password).equals(letters(username));
    }

    /** Reads {@code p@ssw0rd2026!} as what it stands for. */
    private static String unmasked(String password) {
        return password.replaceFirst("[^\\p{L}]+$", "")
                .replace('0', 'o')
                .replace('@', 'a')
                .replace('$', 's')
                .replace('3', 'e')
                .replace('1', 'i')
                .replace('!', 'i');
    }

    private static String letters(String text) {
        return text.codePoints()
                .filter(Character::isLetter)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
