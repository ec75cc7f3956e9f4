package tallyhook.testing;

import java.sql.DriverManager;
import java.sql.SQLException;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Runs an application as it should run for real: migrations by the owner of the tables, everything else by a role that
 * owns nothing and has only what the migrations grant. Stands behind {@link FreshDatabase}. Other tests run as the owner,
 * so that a forgotten grant shows itself here only.
 */
public class TwoRoles implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final String RUNTIME = "tallyhook_runtime";

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        var environment = context.getEnvironment();
        create(environment.getRequiredProperty("spring.datasource.url"));
        TestPropertyValues.of(
                        "spring.flyway.user=postgres",
                        "spring.flyway.password=postgres",
                        "spring.datasource.username=" + RUNTIME,
                        "spring.datasource.password=" + RUNTIME)
                .applyTo(context);
    }

    private static void create(String url) {
        try (var connection = DriverManager.getConnection(url, "postgres", "postgres");
                var statement = connection.createStatement()) {
            statement.execute("""
                    DO $$ BEGIN
                      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%1$s') THEN
                        CREATE ROLE %1$s LOGIN PASSWORD '%1$s';
                      END IF;
                    END $$
                    """.formatted(RUNTIME));
        } catch (SQLException e) {
            throw new IllegalStateException("No role for the application", e);
        }
    }
}
