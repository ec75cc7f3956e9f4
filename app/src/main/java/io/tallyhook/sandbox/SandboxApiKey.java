package io.tallyhook.sandbox;

import io.tallyhook.sandbox.simulator.SandboxFolder;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Gives the sandbox shop a key to the merchant API, by the same property an operator would use. A key that is configured
 * wins. Runs last, when it is settled whether the sandbox is on.
 */
class SandboxApiKey implements EnvironmentPostProcessor, Ordered {

    static final String PROPERTY = "tallyhook.api.bootstrap-key";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        var enabled = environment.getProperty("tallyhook.sandbox.enabled", Boolean.class, false);
        if (enabled && environment.getProperty(PROPERTY, "").isBlank()) {
            var data = Path.of(environment.getProperty("tallyhook.data-dir", "./data"));
            var key = SandboxFolder.in(data).apiKey();
            environment.getPropertySources().addFirst(new MapPropertySource("sandbox", Map.of(PROPERTY, key)));
        }
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
