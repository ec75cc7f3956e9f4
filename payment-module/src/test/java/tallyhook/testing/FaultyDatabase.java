package tallyhook.testing;

import java.net.URI;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A {@link FreshDatabase} behind a {@link FaultProxy}, with the time limits that the application sets. For one test class: all
 * share the network.
 */
public class FaultyDatabase implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    /** Made by the first context. */
    private static final class Behind {

        static final String URL = FreshDatabase.create();
        static final FaultProxy NETWORK =
                new FaultProxy(URI.create(URL.substring("jdbc:".length())).getPort());

        private Behind() {}
    }

    public static FaultProxy network() {
        return Behind.NETWORK;
    }

    /** Past the network. */
    public static String directUrl() {
        return Behind.URL;
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        new FreshDatabase().initialize(context);
        var address = URI.create(Behind.URL.substring("jdbc:".length()));
        TestPropertyValues.of(
                        "spring.datasource.url=jdbc:postgresql://127.0.0.1:%d%s"
                                .formatted(Behind.NETWORK.port(), address.getPath()),
                        "spring.datasource.hikari.connection-timeout=1000",
                        "spring.datasource.hikari.validation-timeout=500",
                        "spring.datasource.hikari.data-source-properties.connectTimeout=1",
                        "spring.datasource.hikari.data-source-properties.socketTimeout=3",
                        // So that the word COMMIT goes over the line each time, and not the name of a prepared
                        // statement.
                        "spring.datasource.hikari.data-source-properties.prepareThreshold=0",
                        "spring.datasource.hikari.data-source-properties.options="
                                + "-c lock_timeout=2000 -c statement_timeout=10000")
                .applyTo(context);
    }
}
