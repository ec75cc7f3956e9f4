package io.tallyhook;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * The time of the database, which all instances share: what one of them takes for due, over or leased is so for the others,
 * however wrong the clock of its machine is. A small difference is left alone, so that time does not jump for nothing.
 */
class DatabaseTime implements InstantSource {

    private static final Logger log = LoggerFactory.getLogger(DatabaseTime.class);

    /** So much may two instances differ: no lease and no gap is as short, and a clock that is looked after is nearer. */
    static final Duration LEFT_ALONE = Duration.ofSeconds(1);

    private static final int TRIES = 3;

    private final Clock machine;
    private final JdbcClient jdbc;
    private volatile Duration behind = Duration.ZERO;

    DatabaseTime(Clock machine, DataSource database, MeterRegistry metrics) {
        this.machine = machine;
        this.jdbc = JdbcClient.create(database);
        Gauge.builder("tallyhook.clock.behind", () -> behind.toMillis())
                .description("How far this machine's clock is behind the database's, if it is more than a second")
                .baseUnit("milliseconds")
                .register(metrics);
        compare();
    }

    @Override
    public Instant instant() {
        return machine.instant().plus(behind);
    }

    @Override
    public long millis() {
        return instant().toEpochMilli();
    }

    /** While the database is away, what was found the last time is kept. */
    @Scheduled(fixedDelayString = "PT1M", initialDelayString = "PT1M")
    final void compare() {
        try {
            for (int tried = 0; tried < TRIES && !compared(); tried++) {
                log.debug("The database took too long to say what time it is");
            }
        } catch (DataAccessException away) {
            log.debug("The database does not say what time it is", away);
        }
    }

    /** @return whether the answer came fast enough to tell anything */
    private boolean compared() {
        var asked = machine.instant();
        var there = jdbc.sql("SELECT clock_timestamp()")
                .query((row, number) -> row.getTimestamp(1))
                .single();
        var trip = Duration.between(asked, machine.instant());
        if (trip.compareTo(LEFT_ALONE) > 0) {
            return false;
        }
        follow(between(asked.plus(trip.dividedBy(2)), there));
        return true;
    }

    private static Duration between(Instant here, Timestamp there) {
        var difference = Duration.between(here, there.toInstant());
        return difference.abs().compareTo(LEFT_ALONE) > 0 ? difference : Duration.ZERO;
    }

    private void follow(Duration now) {
        if (now.minus(behind).abs().compareTo(LEFT_ALONE) > 0) {
            log.warn(
                    "This machine's clock and the database's are {} apart; the database's counts. Let both be set by NTP.",
                    now.abs());
        }
        behind = now;
    }
}
