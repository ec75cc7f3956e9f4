package io.tallyhook.database;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.MapPropertySource;

/**
 * Without any database or account configured this is somebody trying things out: then the sandbox is on, and since it
 * needs no login it listens on loopback only. Our own address follows the port, so that the simulated providers find us.
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
        ownAddress(environment).ifPresent(address -> defaults.put("tallyhook.public-url", address));
        environment.getPropertySources().addLast(new MapPropertySource("tallyhookDefaults", Map.copyOf(defaults)));
    }

    /** Where the simulated providers and a browser on this machine reach us; unknown before a port of chance is taken. */
    private static Optional<String> ownAddress(ConfigurableEnvironment environment) {
        var port = environment.getProperty("server.port", "8080");
        var address = environment.getProperty("server.address", "");
        boolean everyAddress = address.isEmpty() || address.equals("0.0.0.0") || address.contains(":");
        boolean loopback = everyAddress || address.equals("127.0.0.1");
        return port.equals("0")
                ? Optional.empty()
                : Optional.of("http://%s:%s".formatted(loopback ? "localhost" : address, port));
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
