package io.tallyhook.access.login;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The password that lets a new administrator in once, and how it is told to the person at the console. */
record OneTimePassword(String username, String password, Instant until) {

    static final Duration LIFE = Duration.ofHours(24);

    static OneTimePassword fresh(String username, Instant now) {
        return new OneTimePassword(username, Passwords.oneTime(), now.plus(LIFE));
    }

    /**
     * Writes it to standard output itself, not to the log: a log pattern or level could lose it, and a log may be kept.
     *
     * @param address where to sign in
     */
    void tell(PrintStream console, String address) {
        var line = "=".repeat(78);
        console.println("""

                %s
                  Sign in to Tallyhook and choose a password of your own:

                    address              %s
                    user name            %s
                    one-time password    %s

                  Good until %s, and replaced at the first login. It is not shown again.
                %s
                """.formatted(line, address, username, password, until.truncatedTo(ChronoUnit.SECONDS), line));
        console.flush();
    }
}
