package io.tallyhook;

import io.tallyhook.wallet.audit.verify.OwnDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;

/**
 * Finds the database as the application does, and starts nothing else. An embedded one that runs is visited, else started and
 * stopped again.
 *
 * @param database a configuration that finds it
 */
record DatabaseAlone(Class<?> database) implements OwnDatabase {

    @Override
    public int connect(List<String> settings, Work work) throws SQLException {
        var application = new SpringApplication(Needs.class, database);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setDefaultProperties(Map.of(
                "tallyhook.embedded-database.visiting", "true",
                "logging.level.root", "warn",
                "spring.main.banner-mode", "off"));
        try (var context = application.run(settings.toArray(String[]::new));
                var connection = context.getBean(DataSource.class).getConnection()) {
            return work.on(connection);
        }
    }

    /** Not annotated as a configuration, so that the whole application does not find it. */
    @ImportAutoConfiguration(DataSourceAutoConfiguration.class)
    static final class Needs {}
}
