package io.tallyhook.payment.provider.settings;

import static java.util.stream.Collectors.joining;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Says at a failed start which setting of a provider is unknown. Spring Boot's own words would quote its value, and that
 * may well be a secret under a misspelled name.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class UnknownSettingAnalyzer extends AbstractFailureAnalyzer<UnboundConfigurationPropertiesException> {

    private static final ConfigurationPropertyName OURS = ConfigurationPropertyName.of(ProviderSettings.PREFIX);

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, UnboundConfigurationPropertiesException cause) {
        var names = cause.getUnboundProperties().stream()
                .filter(property -> OURS.isAncestorOf(property.getName()))
                .map(property -> property.getName().toString())
                .sorted()
                .collect(joining(", "));
        return names.isEmpty()
                ? null
                : new FailureAnalysis(
                        "There is no such setting: %s.".formatted(names),
                        "Correct the name or remove it, and start again.",
                        cause);
    }
}
