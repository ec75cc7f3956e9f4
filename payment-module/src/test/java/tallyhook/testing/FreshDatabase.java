package tallyhook.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Gives an application context a PostgreSQL database of its own: {@code @ContextConfiguration(initializers =
 * FreshDatabase.class)}. One embedded server serves the whole run; a context's database is empty until Flyway fills it.
 *
 * <p>{@code -Dtallyhook.test.jdbc-url=jdbc:postgresql://…/db?user=…&password=…} uses that server instead.
 */
public class FreshDatabase implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** Whether the server is stopped by Spring, after its contexts, rather than by a hook of its own. */
    private static final AtomicBoolean OUTLIVES_CONTEXTS = new AtomicBoolean();

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        if (System.getProperty("tallyhook.test.jdbc-url") == null && OUTLIVES_CONTEXTS.compareAndSet(false, true)) {
            // A connection pool that finds its server gone waits half a minute for it, at the end of every run.
            SpringApplication.getShutdownHandlers().add(Server::stop);
        }
        TestPropertyValues.of(
                        "spring.datasource.url=" + create(),
                        "spring.datasource.username=postgres",
                        "spring.datasource.password=postgres",
                        "spring.datasource.hikari.maximum-pool-size=20",
                        "spring.flyway.placeholders.runtimeRole=postgres",
                        "spring.modulith.runtime.flyway-enabled=true",
                        "spring.modulith.events.jdbc.schema-initialization.enabled=false",
                        "spring.modulith.events.completion-mode=delete",
                        "spring.jpa.hibernate.ddl-auto=none",
                        "spring.jpa.open-in-view=false")
                .applyTo(context);
        if (!context.getEnvironment().containsProperty("tallyhook.asking.active")) {
            // Nobody is asked behind a test's back, and no attempt is closed because another was paid.
            TestPropertyValues.of("tallyhook.asking.active=false").applyTo(context);
        }
    }

    /** Makes an empty database and answers its JDBC address, for a user {@code postgres} with password {@code postgres}. */
    public static String create() {
        var name = "tallyhook_%d_%d".formatted(ProcessHandle.current().pid(), NUMBER.incrementAndGet());
        var external = System.getProperty("tallyhook.test.jdbc-url");
        try {
            var server = external == null ? Server.EMBEDDED.getPostgresDatabase() : External.server(external);
            try (var connection = server.getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE " + name);
            }
            return external == null
                    ? Server.EMBEDDED.getJdbcUrl("postgres", name)
                    : external.replaceFirst("(//[^/]+/)[^?]*", "$1" + name);
        } catch (SQLException e) {
            throw new IllegalStateException("No database for the tests", e);
        }
    }

    private static final class Server {

        static final EmbeddedPostgres EMBEDDED = start();

        private static EmbeddedPostgres start() {
            Runtime.getRuntime().addShutdownHook(new Thread(Server::stopUnlessContextsNeedIt));
            try {
                return EmbeddedPostgres.builder()
                        // The library starts it with both off, and the application refuses such a server.
                        .setServerConfig("fsync", "on")
                        .setServerConfig("synchronous_commit", "on")
                        .setServerConfig("max_connections", "300")
                        .setRegisterShutdownHook(false)
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException("The embedded PostgreSQL does not start", e);
            }
        }

        static void stopUnlessContextsNeedIt() {
            if (!OUTLIVES_CONTEXTS.get()) {
                stop();
            }
        }

        static void stop() {
            try {
                EMBEDDED.close();
            } catch (IOException e) {
                throw new UncheckedIOException("The embedded PostgreSQL does not stop", e);
            }
        }
    }

    private static final class External {

        static javax.sql.DataSource server(String url) {
            var source = new org.postgresql.ds.PGSimpleDataSource();
            source.setUrl(url);
            return source;
        }
    }
}
