package io.tallyhook.benchmarks;

import io.tallyhook.wallet.ledger.Ledger;
import io.tallyhook.wallet.ledger.Spending;
import io.tallyhook.wallet.ledger.SpendingSettings;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.flywaydb.core.Flyway;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The wallet's ledger as the application has it, on a fresh database: same beans, transactions and connection settings. */
record Books(Ledger ledger, Spending spending, TransactionTemplate transaction, JdbcClient jdbc, Context context)
        implements AutoCloseable {

    /** Closes what opened the books. */
    interface Context {
        void close();
    }

    static Books open(MeasuredServer server, int connections) {
        migrate(server, "payment");
        migrate(server, "wallet");
        return on(server, connections);
    }

    /** On a database in which the tables are. */
    static Books on(MeasuredServer server, int connections) {
        var context = context(server, connections);
        return new Books(
                context.getBean(Ledger.class),
                context.getBean(Spending.class),
                context.getBean(TransactionTemplate.class),
                context.getBean(JdbcClient.class),
                context::close);
    }

    /** Does something in one transaction of its own and commits it. */
    <T> T inTransaction(Supplier<T> something) {
        return Objects.requireNonNull(transaction.execute(status -> something.get()));
    }

    private static void migrate(MeasuredServer server, String module) {
        Flyway.configure()
                .dataSource(server.jdbcUrl(), server.user(), server.password())
                .locations("classpath:db/migration/" + module)
                .table("flyway_schema_history_" + module)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .placeholders(Map.of("runtimeRole", server.user()))
                .load()
                .migrate();
    }

    private static ConfigurableApplicationContext context(MeasuredServer server, int connections) {
        return new SpringApplicationBuilder(Beans.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .properties(Map.of(
                        "spring.datasource.url", server.jdbcUrl(),
                        "spring.datasource.username", server.user(),
                        "spring.datasource.password", server.password(),
                        "spring.datasource.hikari.maximum-pool-size", connections,
                        "spring.datasource.hikari.data-source-properties.options",
                                "-c lock_timeout=2000 -c statement_timeout=10000"))
                .run();
    }

    /** Nothing of the module but what is measured. */
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        DataSourceAutoConfiguration.class,
        DataSourceTransactionManagerAutoConfiguration.class,
        JdbcTemplateAutoConfiguration.class,
        JdbcClientAutoConfiguration.class,
        TransactionAutoConfiguration.class
    })
    @EnableConfigurationProperties(SpendingSettings.class)
    @ComponentScan(
            basePackageClasses = Ledger.class,
            useDefaultFilters = false,
            includeFilters =
                    @ComponentScan.Filter(type = FilterType.REGEX, pattern = ".*\\.(Ledger|Spending|WalletOperations)"))
    static class Beans {

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
