package io.tallyhook;

import io.tallyhook.access.login.ResetAdmin;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.modulith.Modulithic;

/**
 * Starts Tallyhook: one application made of the modules below this package. With {@code reset-admin} as its first
 * argument it makes a new one-time password for the administrator instead, and ends.
 */
@SpringBootApplication
@Modulithic(systemName = "Tallyhook")
public class TallyhookApplication {

    private static final String RESET_ADMIN = "reset-admin";

    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals(RESET_ADMIN)) {
            System.exit(ResetAdmin.run(Database.class, args) ? 0 : 1);
        } else {
            SpringApplication.run(TallyhookApplication.class, args);
        }
    }

    /** Reaches the database as the whole application does, and starts nothing else. */
    @ComponentScan(
            basePackages = "io.tallyhook.database",
            useDefaultFilters = false,
            includeFilters = @ComponentScan.Filter(type = FilterType.REGEX, pattern = ".*\\.EmbeddedConfiguration"))
    private static final class Database {}
}
