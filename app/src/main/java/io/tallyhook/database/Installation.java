package io.tallyhook.database;

import io.tallyhook.payment.Payments;
import io.tallyhook.payment.provider.LiveAccounts;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Keeps play money and real money apart: a database that the sandbox has used takes no live accounts, one that holds
 * live payments takes no sandbox, and the embedded database takes live accounts only if told so.
 */
@Component
class Installation implements SmartInitializingSingleton {

    private final JdbcClient jdbc;
    private final Payments payments;
    private final LiveAccounts liveAccounts;
    private final Environment environment;
    private final boolean sandbox;
    private final boolean acceptLive;

    Installation(
            JdbcClient jdbc,
            Payments payments,
            LiveAccounts liveAccounts,
            Environment environment,
            @Value("${tallyhook.sandbox.enabled:false}") boolean sandbox,
            @Value("${tallyhook.embedded-database.accept-live:false}") boolean acceptLive) {
        this.jdbc = jdbc;
        this.payments = payments;
        this.liveAccounts = liveAccounts;
        this.environment = environment;
        this.sandbox = sandbox;
        this.acceptLive = acceptLive;
    }

    @Override
    public void afterSingletonsInstantiated() {
        var live = liveAccounts.names();
        if (!live.isEmpty() && !environment.containsProperty("spring.datasource.url") && !acceptLive) {
            throw new UnsafeDatabase(
                    "tallyhook.embedded-database.accept-live",
                    "The accounts %s move real money, but the database is the embedded one, which has no backup. Set spring.datasource.url to a PostgreSQL of yours, or tallyhook.embedded-database.accept-live=true."
                            .formatted(live));
        }
        if (sandbox) {
            if (!live.isEmpty()) {
                throw new UnsafeDatabase(
                        "tallyhook.sandbox.enabled",
                        "The sandbox cannot run beside the live accounts %s.".formatted(live));
            }
            if (payments.anyOutsideAccount(SANDBOX)) {
                throw new UnsafeDatabase(
                        "tallyhook.sandbox.enabled",
                        "This database holds live payments, so the sandbox must not use it. Give the sandbox a database of its own.");
            }
            jdbc.sql("INSERT INTO database.mark (kind, at) VALUES ('SANDBOX', now()) ON CONFLICT DO NOTHING")
                    .update();
        } else if (!live.isEmpty() && isMarked()) {
            throw new UnsafeDatabase(
                    "spring.datasource.url",
                    "This database was used by the sandbox and holds play money. Live accounts need a database of their own.");
        }
    }

    /** The account name that the sandbox uses at every provider. */
    private static final String SANDBOX = "sandbox";

    private boolean isMarked() {
        return jdbc.sql("SELECT count(*) FROM database.mark WHERE kind = 'SANDBOX'")
                        .query(Long.class)
                        .single()
                > 0;
    }
}
