package io.tallyhook.payment.booking;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The bounds of the intake.
 *
 * @param queue how many deliveries may wait; more are told to come again. Two seconds of a sales peak
 * @param group how many deliveries one transaction takes; larger groups gain nothing and make everyone wait longer
 * @param patience how long a delivery waits for its booking before it is told to come again; providers give up at 5 s
 */
@ConfigurationProperties("tallyhook.intake")
public record IntakeSettings(
        @DefaultValue("10000") int queue,
        @DefaultValue("128") int group,
        @DefaultValue("4s") Duration patience) {}
