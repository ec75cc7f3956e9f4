package io.tallyhook.wallet.audit.verify;

import java.io.PrintStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import javax.sql.DataSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.modulith.NamedInterface;

/** The command {@code verify-ledger}: what an auditor runs who does not want to trust us. */
@NamedInterface("verify-ledger")
public final class VerifyLedger {

    private static final int CLEAN = 0;
    private static final int FAULTS = 1;
    private static final int COULD_NOT_RUN = 2;

    private final PrintStream out;
    private final PrintStream progress;

    VerifyLedger(PrintStream out, PrintStream progress) {
        this.out = out;
        this.progress = progress;
    }

    /**
     * Verifies, tells on standard output, and shows on standard error how far it is.
     *
     * @param database a configuration that finds the application's database, for when no address is given
     * @param arguments the command's own, without its name
     * @return what the process should end with: 0 clean, 1 faults, 2 it could not run
     */
    public static int run(Class<?> database, String... arguments) {
        return new VerifyLedger(System.out, System.err).verify(database, arguments);
    }

    int verify(Class<?> database, String... arguments) {
        try {
            var options = Options.of(arguments);
            return options.value("url").isPresent() ? overThere(options) : here(database, options);
        } catch (IllegalArgumentException e) {
            progress.println(e.getMessage());
            progress.println(Options.USAGE);
        } catch (SQLException | RuntimeException e) {
            progress.println("The ledger could not be verified: " + e.getMessage());
        }
        return COULD_NOT_RUN;
    }

    private int overThere(Options options) throws SQLException {
        var login = new Properties();
        options.value("username").ifPresent(name -> login.setProperty("user", name));
        options.value("password")
                .or(() -> Optional.ofNullable(System.getenv("PGPASSWORD")))
                .ifPresent(password -> login.setProperty("password", password));
        login.setProperty("ApplicationName", "verify-ledger");
        try (var connection = DriverManager.getConnection(options.value("url").orElseThrow(), login)) {
            return verify(connection, options);
        }
    }

    /** Finds the database as the application does, and starts nothing else. */
    private int here(Class<?> database, Options options) throws SQLException {
        var application = new SpringApplication(Needs.class, database);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setDefaultProperties(Map.of(
                "tallyhook.embedded-database.visiting", "true",
                "logging.level.root", "warn",
                "spring.main.banner-mode", "off"));
        try (var context = application.run(options.passedOn().toArray(String[]::new));
                var connection = context.getBean(DataSource.class).getConnection()) {
            return verify(connection, options);
        }
    }

    private int verify(Connection connection, Options options) throws SQLException {
        var report = new Verification(connection, options.expectedHead(), new Ticker(progress)::tell).run();
        out.println(options.json() ? report.json() : report.text());
        return report.clean() ? CLEAN : FAULTS;
    }

    /** Not annotated as a configuration, so that the whole application does not find it. */
    @ImportAutoConfiguration(DataSourceAutoConfiguration.class)
    static final class Needs {}
}
