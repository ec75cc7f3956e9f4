package io.tallyhook.database;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Without {@code spring.datasource.url}: the embedded server and how to reach it. */
@Configuration
@ConditionalOnProperty(name = "spring.datasource.url", havingValue = "false", matchIfMissing = true)
@EnableConfigurationProperties(EmbeddedSettings.class)
class EmbeddedConfiguration {

    @Bean
    EmbeddedServer embeddedServer(EmbeddedSettings settings, Environment environment) {
        boolean visiting = environment.getProperty("tallyhook.embedded-database.visiting", Boolean.class, false);
        return new EmbeddedServer(settings.postgresDir(), visiting);
    }

    /** The application runs as a role that owns nothing. */
    @Bean
    JdbcConnectionDetails embeddedConnection(EmbeddedServer server) {
        return new JdbcConnectionDetails() {
            @Override
            public String getUsername() {
                return Credentials.RUNTIME;
            }

            @Override
            public String getPassword() {
                return server.credentials().runtime();
            }

            @Override
            public String getJdbcUrl() {
                return server.jdbcUrl();
            }
        };
    }

    /** Migrations run as the owner of the tables. */
    @Bean
    FlywayConnectionDetails embeddedMigrations(EmbeddedServer server) {
        return new FlywayConnectionDetails() {
            @Override
            public String getUsername() {
                return Credentials.OWNER;
            }

            @Override
            public String getPassword() {
                return server.credentials().owner();
            }

            @Override
            public String getJdbcUrl() {
                return server.jdbcUrl();
            }
        };
    }
}
