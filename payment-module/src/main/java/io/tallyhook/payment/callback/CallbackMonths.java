package io.tallyhook.payment.callback;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Makes the months of the callback log ahead of time, and drops those that are too old. Any instance does both; the
 * database lets one at a time. What it could not do now it does an hour later.
 */
@Component
class CallbackMonths {

    private static final Logger log = LoggerFactory.getLogger(CallbackMonths.class);

    /** This month and three ahead: nothing is lost if it fails for a quarter, and even then not a callback. */
    private static final int AHEAD = 4;

    /** What the counts per minute are for; pages look at days. */
    private static final Duration COUNTS = Duration.ofDays(40);

    private static final DateTimeFormatter PART = DateTimeFormatter.ofPattern("'payment.callback_'yyyy_MM");

    private final JdbcClient jdbc;
    private final CallbackSettings settings;
    private final Clock clock;
    private volatile boolean ready = true;

    CallbackMonths(JdbcClient jdbc, CallbackSettings settings, MeterRegistry metrics, Clock clock) {
        this.jdbc = jdbc;
        this.settings = settings;
        this.clock = clock;
        Gauge.builder("tallyhook.callbacks.next.month.ready", this, months -> months.ready ? 1 : 0)
                .description("1 if the callback log has its next month and nothing lies outside of its months")
                .register(metrics);
    }

    @Scheduled(fixedDelayString = "PT1H")
    void tidy() {
        attempt("The months ahead could not be made", () -> make(today()));
        attempt("Old months could not be dropped", this::dropOld);
        attempt("Old counts could not be removed", this::forgetCounts);
        attempt("The months could not be looked at", this::check);
    }

    int make(LocalDate from) {
        return jdbc.sql("SELECT payment.make_callback_months(:from::date, :months)")
                .param("from", from.toString())
                .param("months", AHEAD)
                .query(Integer.class)
                .single();
    }

    void dropOld() {
        jdbc.sql("SELECT payment.drop_callback_months(:before)")
                .param("before", Timestamp.from(clock.instant().minus(settings.keep())))
                .query(String.class)
                .list()
                .forEach(month -> log.info("{} is older than {} and was dropped", month, settings.keep()));
    }

    private void forgetCounts() {
        for (var table : new String[] {"callback_tally", "callback_count"}) {
            jdbc.sql("DELETE FROM payment.%s WHERE minute < :before".formatted(table))
                    .param("before", Timestamp.from(clock.instant().minus(COUNTS)))
                    .update();
        }
    }

    private void check() {
        ready = jdbc.sql("SELECT to_regclass(:next) IS NOT NULL AND NOT EXISTS (SELECT FROM payment.callback_beyond)")
                .param("next", today().plusMonths(1).format(PART))
                .query(Boolean.class)
                .single();
        if (!ready) {
            log.error("The callback log lacks its next month, or holds deliveries outside of its months");
        }
    }

    private static void attempt(String failure, Runnable step) {
        try {
            step.run();
        } catch (DataAccessException e) {
            log.warn("{}; it is tried again in an hour", failure, e);
        }
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }
}
