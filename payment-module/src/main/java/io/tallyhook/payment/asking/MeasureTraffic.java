package io.tallyhook.payment.asking;

import io.tallyhook.payment.asking.Errand.Account;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads what goes on at an account from counts per minute and from what was asked; never from the payments one by one. */
@Repository
class MeasureTraffic {

    /** A callback may still be on its way when a question finds the payment paid. */
    private static final Duration ON_ITS_WAY = Duration.ofMinutes(1);

    /** The newest payments, from which it is learned how long people take to pay. */
    private static final int NEWEST = 5_000;

    private static final int LEAST = 20;
    private static final Duration LONGEST_DELAY = Duration.ofHours(1);

    private final JdbcClient jdbc;
    private final SilenceSettings settings;

    MeasureTraffic(JdbcClient jdbc, SilenceSettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /** Where payments were opened lately. */
    List<Account> accounts(Instant now) {
        return jdbc.sql("""
                        SELECT DISTINCT provider, account FROM payment.opening_tally
                        WHERE minute >= :from ORDER BY provider, account
                        """)
                .param("from", Timestamp.from(now.minus(settings.window())))
                .query((row, number) -> new Account(row.getString("provider"), row.getString("account")))
                .list();
    }

    Traffic of(Account account, Instant now) {
        var earliest = now.minus(settings.window());
        var lastHeard = lastHeard(account, earliest);
        if (lastHeard.filter(now.minus(settings.quiet())::isBefore).isPresent()) {
            return Traffic.heard(now, lastHeard);
        }
        var since = lastHeard.orElse(earliest);
        var due = now.minus(usualDelay(account)).truncatedTo(ChronoUnit.MINUTES);
        long opened = opened(account, since, due);
        long found = asked(account, since, now.minus(ON_ITS_WAY), "outcome IN ('CONFIRMED', 'LATE')");
        if (opened == 0) {
            // As by night: by no rate is anything missing.
            return new Traffic(now, lastHeard, 0, 0, 0, 0, found);
        }
        return new Traffic(
                now,
                lastHeard,
                opened(account, since.minus(settings.window()), since),
                told(account, since.minus(settings.window()), since),
                opened,
                asked(account, since, now, "answer IN ('OPEN', 'UNKNOWN', 'CLOSED')"),
                found);
    }

    /** The end of the last minute with a genuine callback; the index is read backwards from now. */
    private Optional<Instant> lastHeard(Account account, Instant earliest) {
        return where(account, """
                        SELECT minute FROM payment.callback_tally
                        WHERE provider = :provider AND account = :account AND outcome <> 'REJECTED'
                          AND minute >= :from
                        ORDER BY minute DESC LIMIT 1
                        """)
                .param("from", Timestamp.from(earliest))
                .query(Timestamp.class)
                .optional()
                .map(minute -> minute.toInstant().plus(1, ChronoUnit.MINUTES));
    }

    /** Within what time nine of ten payments are paid; people, not networks, need the time. */
    private Duration usualDelay(Account account) {
        return where(account, """
                        SELECT extract(epoch FROM percentile_disc(0.9) WITHIN GROUP (ORDER BY paid_at - created_at))::bigint
                               AS seconds
                        FROM (SELECT provider, account, created_at, paid_at FROM payment.payment
                              ORDER BY created_at DESC, out_trade_no DESC LIMIT :newest) AS lately
                        WHERE provider = :provider AND account = :account AND paid_at > created_at
                        HAVING count(*) >= :least
                        """)
                .param("newest", NEWEST)
                .param("least", LEAST)
                .query(Long.class)
                .optional()
                .map(Duration::ofSeconds)
                .map(delay -> delay.compareTo(LONGEST_DELAY) < 0 ? delay : LONGEST_DELAY)
                .orElse(settings.usualDelay());
    }

    private long opened(Account account, Instant from, Instant to) {
        return sum(account, from, to, "payment.opening_tally", "true");
    }

    private long told(Account account, Instant from, Instant to) {
        return sum(account, from, to, "payment.callback_tally", "outcome IN ('CONFIRMED', 'LATE')");
    }

    private long sum(Account account, Instant from, Instant to, String table, String which) {
        return where(account, """
                        SELECT coalesce(sum(n), 0) FROM %s
                        WHERE minute >= :from AND minute < :to AND provider = :provider AND account = :account AND %s
                        """.formatted(table, which))
                .param("from", Timestamp.from(from))
                .param("to", Timestamp.from(to))
                .query(Long.class)
                .single();
    }

    private long asked(Account account, Instant from, Instant to, String which) {
        return where(account, """
                        SELECT count(DISTINCT out_trade_no) FROM payment.question
                        WHERE asked_at >= :from AND asked_at < :to AND %s
                          AND provider = :provider AND account = :account
                        """.formatted(which))
                .param("from", Timestamp.from(from))
                .param("to", Timestamp.from(to))
                .query(Long.class)
                .single();
    }

    private JdbcClient.StatementSpec where(Account account, String sql) {
        return jdbc.sql(sql).param("provider", account.provider()).param("account", account.name());
    }
}
