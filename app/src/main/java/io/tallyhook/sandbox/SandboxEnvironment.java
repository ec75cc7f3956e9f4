package io.tallyhook.sandbox;

import io.tallyhook.sandbox.simulator.SandboxFolder;
import java.nio.file.Path;
import java.util.HashMap;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * While the sandbox is on: gives its shop a key to the merchant API, by the same property an operator would use (a key
 * that is configured wins), and its pages their words. Runs last, when it is settled whether the sandbox is on.
 */
class SandboxEnvironment implements EnvironmentPostProcessor, Ordered {

    static final String KEY = "tallyhook.api.bootstrap-key";
    static final String WORDS = "spring.messages.basename";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (!environment.getProperty("tallyhook.sandbox.enabled", Boolean.class, false)) {
            return;
        }
        var additions = new HashMap<String, Object>();
        additions.put(WORDS, environment.getProperty(WORDS, "messages") + ",messages-sandbox");
        if (environment.getProperty(KEY, "").isBlank()) {
            var data = Path.of(environment.getProperty("tallyhook.data-dir", "./data"));
            additions.put(KEY, SandboxFolder.in(data).apiKey());
        }
        environment.getPropertySources().addFirst(new MapPropertySource("sandbox", additions));
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
