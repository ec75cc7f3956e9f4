package io.tallyhook.database;

import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.MapPropertySource;

/**
 * Without any database or account configured this is somebody trying things out: then the sandbox is on, and since it
 * needs no login it listens on loopback only.
 */
class TryItDefaults implements EnvironmentPostProcessor {

    private static final String ACCOUNTS = "tallyhook.providers.";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        var defaults = new HashMap<String, Object>();
        boolean sandbox = environment.containsProperty("tallyhook.sandbox.enabled")
                ? environment.getProperty("tallyhook.sandbox.enabled", Boolean.class, false)
                : !environment.containsProperty("spring.datasource.url") && !hasAccounts(environment);
        defaults.put("tallyhook.sandbox.enabled", sandbox);
        if (sandbox) {
            defaults.put("server.address", "127.0.0.1");
        }
        environment.getPropertySources().addLast(new MapPropertySource("tallyhookDefaults", Map.copyOf(defaults)));
    }

    private static boolean hasAccounts(ConfigurableEnvironment environment) {
        return environment.getPropertySources().stream()
                .filter(EnumerablePropertySource.class::isInstance)
                .map(EnumerablePropertySource.class::cast)
                .flatMap(source -> java.util.Arrays.stream(source.getPropertyNames()))
                .map(name -> name.toLowerCase(java.util.Locale.ROOT).replace('_', '.'))
                .anyMatch(name -> name.startsWith(ACCOUNTS));
    }
}
