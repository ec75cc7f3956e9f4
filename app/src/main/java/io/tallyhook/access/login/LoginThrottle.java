package io.tallyhook.access.login;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Slows guessing down, per user name (existing or not) and per address. A try is counted as a failure <em>before</em>
 * the password is looked at, in one statement, so that parallel guesses cannot slip past the counter; a success wipes
 * the count. Three failures are free, then each next try waits 2, 4, 8 … seconds, and after ten 30 minutes.
 */
@Component
class LoginThrottle {

    /** After how long without a failure the count starts again. */
    private static final Duration FORGET = Duration.ofHours(24);

    private static final String COUNT = """
            INSERT INTO access.login_throttle AS known (subject, failures, next_try_at, last_failure_at)
            VALUES (:subject, 1, :now, :now)
            ON CONFLICT (subject) DO UPDATE
               SET failures        = known.failures + 1,
                   last_failure_at = :now,
                   next_try_at     = CAST(:now AS timestamptz) + CASE WHEN known.failures + 1 >= 10 THEN interval '30 minutes'
                                                 WHEN known.failures + 1 > 3   THEN interval '1 second' * 2 ^ (known.failures - 2)
                                                 ELSE interval '0'
                                            END
             WHERE known.next_try_at <= :now""";

    private final JdbcClient jdbc;
    private final Clock clock;

    LoginThrottle(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Counts a try and says whether it may go on. */
    boolean admits(String username, String address) {
        return counts(addressSubject(address)) && counts(userSubject(username));
    }

    /** The try was good after all: the counts begin anew. */
    void succeeded(String username, String address) {
        forget(List.of(userSubject(username), addressSubject(address)));
    }

    /** Lets everybody try again: whoever may ask for it sits at the host, and does not know which address is locked. */
    void forgiveAll() {
        jdbc.sql("DELETE FROM access.login_throttle").update();
    }

    @Scheduled(initialDelayString = "PT10M", fixedDelayString = "PT1H")
    void forgetOld() {
        jdbc.sql("DELETE FROM access.login_throttle WHERE last_failure_at < :before")
                .param("before", Timestamp.from(clock.instant().minus(FORGET)))
                .update();
    }

    private boolean counts(String subject) {
        return jdbc.sql(COUNT)
                        .param("subject", subject)
                        .param("now", Timestamp.from(clock.instant()))
                        .update()
                == 1;
    }

    private void forget(List<String> subjects) {
        jdbc.sql("DELETE FROM access.login_throttle WHERE subject IN (:subjects)")
                .param("subjects", subjects)
                .update();
    }

    private static String userSubject(String username) {
        return "user:" + Administrators.normalised(username);
    }

    /** Of an IPv6 address the first half, for one person commonly owns all of the second. */
    private static String addressSubject(String address) {
        try {
            if (address.indexOf(':') >= 0 && InetAddress.getByName(address) instanceof Inet6Address six) {
                var bytes = six.getAddress();
                return "address:%02x%02x:%02x%02x:%02x%02x:%02x%02x::"
                        .formatted(bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]);
            }
        } catch (UnknownHostException e) {
            // Not an address we can read: it is counted as it stands.
        }
        return "address:" + address;
    }
}
