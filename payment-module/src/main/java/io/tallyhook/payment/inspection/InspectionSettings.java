package io.tallyhook.payment.inspection;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When is inspected, and how much.
 *
 * @param every how often what was opened lately is looked at, and what was found is looked at again
 * @param recent how far that goes back
 * @param lease how long one page may take, so that somebody else goes on after a crash
 */
@ConfigurationProperties("tallyhook.inspection")
record InspectionSettings(
        @DefaultValue("5m") Duration every,
        @DefaultValue("3h") Duration recent,
        @DefaultValue("5m") Duration lease) {

    /** All is inspected once a night; and by day too, if it has not been for so long. */
    static final Duration FULL_AFTER = Duration.ofHours(20);

    static final Duration FULL_AT_LAST = Duration.ofHours(48);

    /** When shops sleep, in Beijing. */
    static final int NIGHT = 3;
}
