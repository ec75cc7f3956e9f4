package io.tallyhook.payment.callback;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Counts what is not worth a row of its own, and adds it up in the database every few seconds. */
@Component
class CallbackCounts implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(CallbackCounts.class);

    private final Map<Key, Long> counts = new ConcurrentHashMap<>();
    private final JdbcClient jdbc;
    private final Clock clock;

    CallbackCounts(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    private record Key(Instant minute, String provider, String account, String reason) {}

    /** The names must be ours, never text from outside, so that the table stays small. */
    void count(String provider, String account, String reason) {
        counts.merge(
                new Key(clock.instant().truncatedTo(ChronoUnit.MINUTES), provider, account, reason), 1L, Long::sum);
    }

    @Scheduled(fixedDelayString = "PT5S")
    void flush() {
        for (var key : counts.keySet()) {
            var n = counts.remove(key);
            if (n != null) {
                add(key, n);
            }
        }
    }

    private void add(Key key, long n) {
        try {
            jdbc.sql("""
                            INSERT INTO payment.callback_count AS c (minute, provider, account, reason, n)
                            VALUES (:minute, :provider, :account, :reason, :n)
                            ON CONFLICT (minute, provider, account, reason) DO UPDATE SET n = c.n + excluded.n
                            """)
                    .param("minute", Timestamp.from(key.minute()))
                    .param("provider", key.provider())
                    .param("account", key.account())
                    .param("reason", key.reason())
                    .param("n", n)
                    .update();
        } catch (DataAccessException e) {
            log.warn("{} callbacks of {}/{} ({}) are counted later", n, key.provider(), key.account(), key.reason(), e);
            counts.merge(key, n, Long::sum);
        }
    }

    @Override
    public void destroy() {
        flush();
    }
}
