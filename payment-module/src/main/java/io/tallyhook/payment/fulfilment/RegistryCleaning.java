package io.tallyhook.payment.fulfilment;

import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Throws away rows of the event registry that nobody will finish any more, such as those of a listener that was killed.
 * Nothing is lost with them: what is due stands in the payment's own row.
 */
@Component
class RegistryCleaning {

    /** Longer than any listener may run, short enough that a crash leaves no heap of rows. */
    private static final Duration KEPT = Duration.ofHours(1);

    private final JdbcClient jdbc;

    RegistryCleaning(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Scheduled(fixedDelayString = "PT10M", initialDelayString = "PT1M")
    int clean() {
        return jdbc.sql("DELETE FROM event_publication WHERE publication_date < now() - make_interval(secs => :kept)")
                .param("kept", KEPT.toSeconds())
                .update();
    }
}
