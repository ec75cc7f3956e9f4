package io.tallyhook.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
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

    @Override
    public void initialize(ConfigurableApplicationContext context) {
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
            try {
                return EmbeddedPostgres.builder()
                        // The library starts it with both off, and the application refuses such a server.
                        .setServerConfig("fsync", "on")
                        .setServerConfig("synchronous_commit", "on")
                        .setServerConfig("max_connections", "300")
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException("The embedded PostgreSQL does not start", e);
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
