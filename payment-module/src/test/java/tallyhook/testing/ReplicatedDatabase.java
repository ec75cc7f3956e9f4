package tallyhook.testing;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** A primary and its synchronous standby, for the one test in which the primary dies. */
public class ReplicatedDatabase implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final class Both {

        static final Both SERVERS = new Both();

        final MortalServer primary;
        final Standby standby;

        private Both() {
            try {
                primary = new MortalServer();
                standby = new Standby(primary);
                SpringApplication.getShutdownHandlers().add(this::stop);
            } catch (Exception e) {
                throw new IllegalStateException("There is no primary with a standby", e);
            }
        }

        private void stop() {
            try {
                standby.close();
                primary.close();
            } catch (Exception e) {
                throw new IllegalStateException("The servers do not stop", e);
            }
        }
    }

    public static String url() {
        return Both.SERVERS.standby.urlOfBoth(Both.SERVERS.primary);
    }

    /** The primary is killed, and the standby takes over. */
    public static void failOver() throws Exception {
        Both.SERVERS.primary.die();
        Both.SERVERS.standby.promote();
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        new FreshDatabase().initialize(context);
        TestPropertyValues.of(
                        "spring.datasource.url=" + url(),
                        "spring.datasource.hikari.connection-timeout=3000",
                        "spring.datasource.hikari.data-source-properties.connectTimeout=3",
                        "spring.datasource.hikari.data-source-properties.socketTimeout=15",
                        "spring.datasource.hikari.data-source-properties.options="
                                + "-c lock_timeout=2000 -c statement_timeout=10000")
                .applyTo(context);
    }
}
