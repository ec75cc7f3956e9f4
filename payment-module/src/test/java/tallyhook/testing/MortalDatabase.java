package tallyhook.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** A database on a {@link MortalServer}, with the time limits that the application sets. For one test class. */
public class MortalDatabase implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final class Server {

        static final MortalServer MORTAL = start();

        private Server() {}

        private static MortalServer start() {
            try {
                var server = new MortalServer();
                // After the contexts: a pool that finds its server gone waits for it.
                SpringApplication.getShutdownHandlers().add(() -> stop(server));
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException("The embedded PostgreSQL does not start", e);
            }
        }

        private static void stop(MortalServer server) {
            try {
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException("The embedded PostgreSQL does not stop", e);
            }
        }
    }

    public static MortalServer server() {
        return Server.MORTAL;
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        new FreshDatabase().initialize(context);
        TestPropertyValues.of(
                        "spring.datasource.url=" + Server.MORTAL.url(),
                        "spring.datasource.hikari.connection-timeout=3000",
                        "spring.datasource.hikari.data-source-properties.connectTimeout=3",
                        "spring.datasource.hikari.data-source-properties.socketTimeout=15",
                        "spring.datasource.hikari.data-source-properties.options="
                                + "-c lock_timeout=2000 -c statement_timeout=10000")
                .applyTo(context);
    }
}
