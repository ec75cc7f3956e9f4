package io.tallyhook;

import io.tallyhook.access.login.ResetAdmin;
import io.tallyhook.wallet.audit.verify.VerifyLedger;
import java.util.Arrays;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.modulith.Modulithic;

/**
 * Starts Tallyhook: one application made of the modules below this package. With {@code reset-admin} as its first
 * argument it makes a new one-time password for the administrator instead, and ends; with {@code verify-ledger} it compares
 * the ledger with its chain of hashes, and ends with what it found.
 */
@SpringBootApplication
@Modulithic(systemName = "Tallyhook")
public class TallyhookApplication {

    private static final String RESET_ADMIN = "reset-admin";
    private static final String VERIFY_LEDGER = "verify-ledger";

    public static void main(String[] args) {
        switch (args.length == 0 ? "" : args[0]) {
            case RESET_ADMIN -> System.exit(ResetAdmin.run(Database.class, args) ? 0 : 1);
            case VERIFY_LEDGER ->
                System.exit(
                        VerifyLedger.run(new DatabaseAlone(Database.class), Arrays.copyOfRange(args, 1, args.length)));
            default -> SpringApplication.run(TallyhookApplication.class, args);
        }
    }

    /** Reaches the database as the whole application does, and starts nothing else. */
    @ComponentScan(
            basePackages = "io.tallyhook.database",
            useDefaultFilters = false,
            includeFilters = @ComponentScan.Filter(type = FilterType.REGEX, pattern = ".*\\.EmbeddedConfiguration"))
    private static final class Database {}
}
