package io.tallyhook.database;

import java.sql.SQLException;
import java.util.HashMap;
import javax.sql.DataSource;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.stereotype.Component;

/**
 * Tells the migrations which role the application runs as, so that they grant it what it needs and no more; and lets them take
 * their time: the pool's connections give up on a statement after seconds, and an index on millions of rows takes minutes.
 */
@Component
class MigrationRoles implements FlywayConfigurationCustomizer {

    private static final Logger log = LoggerFactory.getLogger(MigrationRoles.class);

    private final DataSource application;

    MigrationRoles(DataSource application) {
        this.application = application;
    }

    @Override
    public void customize(FluentConfiguration configuration) {
        var runtime = user(application);
        if (runtime.equals(user(configuration.getDataSource()))) {
            log.warn(
                    "Migrations run as {}, the role that the application runs as, so it owns its tables and could change"
                            + " what must never change. Better: an owner role in spring.flyway.user and"
                            + " spring.flyway.password.",
                    runtime);
        }
        if (application.equals(configuration.getDataSource())) {
            configuration.dataSource(DataSourceBuilder.derivedFrom(application)
                    .type(SimpleDriverDataSource.class)
                    .build());
        }
        var placeholders = new HashMap<>(configuration.getPlaceholders());
        placeholders.put("runtimeRole", runtime);
        configuration.placeholders(placeholders);
    }

    private static String user(DataSource source) {
        try (var connection = source.getConnection()) {
            return connection.getMetaData().getUserName();
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "The database cannot be reached. Check spring.datasource.url, its user and password, and"
                            + " spring.flyway.user where it is set.",
                    e);
        }
    }
}
