package io.tallyhook.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import tallyhook.testing.FreshDatabase;

/** Migrations of a big database take minutes, and nothing of the application may. */
class MigrationRolesIntegrationTests {

    @Test
    void a_statement_of_a_migration_is_not_bounded_and_those_of_the_application_stay_so() {
        try (var application = application()) {
            var migrations = new FluentConfiguration().dataSource(application);

            new MigrationRoles(application).customize(migrations);

            assertThat(boundOf(migrations.getDataSource())).isEqualTo("0");
            assertThat(boundOf(application)).isEqualTo("10s");
            assertThat(migrations.getPlaceholders()).containsEntry("runtimeRole", "postgres");
        }
    }

    @Test
    void migrations_with_a_role_of_their_own_keep_their_connection() {
        try (var application = application()) {
            var owner = new SimpleDriverDataSource(
                    new org.postgresql.Driver(), application.getJdbcUrl(), "postgres", "postgres");
            var migrations = new FluentConfiguration().dataSource(owner);

            new MigrationRoles(application).customize(migrations);

            assertThat(migrations.getDataSource()).isSameAs(owner);
        }
    }

    private static HikariDataSource application() {
        var pool = new HikariConfig();
        pool.setJdbcUrl(FreshDatabase.create());
        pool.setUsername("postgres");
        pool.setPassword("postgres");
        pool.setMaximumPoolSize(2);
        pool.addDataSourceProperty("options", "-c statement_timeout=10000");
        return new HikariDataSource(pool);
    }

    private static String boundOf(DataSource source) {
        return JdbcClient.create(source)
                .sql("SHOW statement_timeout")
                .query(String.class)
                .single();
    }
}
