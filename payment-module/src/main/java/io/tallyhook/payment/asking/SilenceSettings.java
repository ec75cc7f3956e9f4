package io.tallyhook.payment.asking;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When callbacks that do not come are an alarm.
 *
 * @param every how often it is looked
 * @param window how far back the usual rate is learned from; a week, as weekends are unlike other days
 * @param learnedFrom how many callbacks must have come in that time before a rate is believed
 * @param expected how many callbacks must be missing by the usual rate; that ten fail to come by chance happens once in
 *     twenty thousand times
 * @param found how many payments must be found paid that no callback told of
 * @param quiet for how long no callback must have come at least
 * @param usualDelay within what time most payments are paid, until that is learned
 */
@ConfigurationProperties("tallyhook.silence")
public record SilenceSettings(
        @DefaultValue("1m") Duration every,
        @DefaultValue("7d") Duration window,
        @DefaultValue("20") int learnedFrom,
        @DefaultValue("10") int expected,
        @DefaultValue("3") int found,
        @DefaultValue("5m") Duration quiet,
        @DefaultValue("5m") Duration usualDelay) {

    public SilenceSettings {
        if (expected < 1 || found < 1) {
            throw new IllegalArgumentException("tallyhook.silence.expected and .found must be at least 1");
        }
    }
}
