package io.tallyhook.payment.fulfilment;

import java.time.Instant;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.events.core.TargetEventPublication;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Takes the rows of events whose listeners are done out of the registry, many by one statement, instead of each in a
 * transaction of its own. A row that stays because we were killed before is thrown away with those of dead listeners: the
 * registry only remembers, what is due stands in the payment's own row.
 */
@Component
class HeardEvents implements MethodInterceptor, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(HeardEvents.class);

    private final JdbcClient jdbc;
    private final ConcurrentLinkedQueue<UUID> heard = new ConcurrentLinkedQueue<>();
    private volatile boolean open = true;

    HeardEvents(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Around the registry's repository: what is marked completed by its publication only waits to be deleted. */
    @Override
    public @Nullable Object invoke(MethodInvocation call) throws Throwable {
        if (open
                && call.getMethod().getName().equals("markCompleted")
                && call.getArguments()[0] instanceof TargetEventPublication publication
                && call.getArguments()[1] instanceof Instant now) {
            publication.markCompleted(now);
            heard.add(publication.getIdentifier());
            return null;
        }
        return call.proceed();
    }

    @Scheduled(fixedDelay = 200)
    void forget() {
        var rows = new ArrayList<UUID>();
        while (heard.poll() instanceof UUID row) {
            rows.add(row);
        }
        if (rows.isEmpty()) {
            return;
        }
        try {
            jdbc.sql("DELETE FROM event_publication WHERE id = ANY (:rows)")
                    .param("rows", rows.toArray(UUID[]::new))
                    .update();
        } catch (DataAccessException e) {
            log.warn("The rows of {} events that were heard stay for an hour", rows.size(), e);
        }
    }

    @Override
    public void destroy() {
        open = false;
        forget();
    }
}
