package io.tallyhook.wallet.audit.verify;

import java.io.PrintStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import org.springframework.modulith.NamedInterface;

/** The command {@code verify-ledger}: what an auditor runs who does not want to trust us. */
@NamedInterface("verify-ledger")
public final class VerifyLedger {

    private static final int CLEAN = 0;
    private static final int FAULTS = 1;
    private static final int COULD_NOT_RUN = 2;

    private static final String NO_SUCH_TABLE = "42P01";

    private final PrintStream out;
    private final PrintStream progress;

    VerifyLedger(PrintStream out, PrintStream progress) {
        this.out = out;
        this.progress = progress;
    }

    /**
     * Verifies, tells on standard output, and shows on standard error how far it is.
     *
     * @param own reaches the application's own database, for when no address is given
     * @param arguments the command's own, without its name
     * @return what the process should end with: 0 clean, 1 faults, 2 it could not run
     */
    public static int run(OwnDatabase own, String... arguments) {
        return new VerifyLedger(System.out, System.err).verify(own, arguments);
    }

    int verify(OwnDatabase own, String... arguments) {
        try {
            var options = Options.of(arguments);
            return options.value("url").isPresent()
                    ? overThere(options)
                    : own.connect(options.passedOn(), connection -> verify(connection, options));
        } catch (IllegalArgumentException e) {
            progress.println(e.getMessage());
            progress.println(Options.USAGE);
        } catch (SQLException e) {
            progress.println(
                    NO_SUCH_TABLE.equals(e.getSQLState())
                            ? "There is no ledger in this database: Tallyhook has never run on it. Is it the right one?"
                            : "The ledger could not be verified: " + e.getMessage());
        } catch (RuntimeException e) {
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

    private int verify(Connection connection, Options options) throws SQLException {
        var report = new Verification(connection, options.expectedHead(), new Ticker(progress)::tell).run();
        out.println(options.json() ? report.json() : report.text());
        return report.clean() ? CLEAN : FAULTS;
    }
}
