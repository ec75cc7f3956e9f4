package io.tallyhook.payment.asking;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the time of the first question is learned.
 *
 * @param active whether it is; else what was learned is dropped and {@code tallyhook.asking.first-gap} holds for all
 * @param every how often it is looked; an hour of payments is counted an hour after its end
 * @param window from how far back it is learned; a week, as weekends are unlike other days
 * @param from how many paid payments of an account and method it takes; until then {@code tallyhook.asking.first-gap} holds
 * @param atLeast what is learned is never less: a callback needs a moment too
 * @param atMost what is learned is never more: a lost callback must not cost a payer longer than that
 */
@ConfigurationProperties("tallyhook.asking.learning")
record LearningSettings(
        @DefaultValue("true") boolean active,
        @DefaultValue("10m") Duration every,
        @DefaultValue("7d") Duration window,
        @DefaultValue("50") int from,
        @DefaultValue("10s") Duration atLeast,
        @DefaultValue("5m") Duration atMost) {

    LearningSettings {
        if (from < 1 || atLeast.toSeconds() < 1 || atMost.compareTo(atLeast) < 0) {
            throw new IllegalArgumentException(
                    "tallyhook.asking.learning: .from must be at least 1, .at-least at least 1s,"
                            + " and .at-most no less than .at-least");
        }
    }
}
