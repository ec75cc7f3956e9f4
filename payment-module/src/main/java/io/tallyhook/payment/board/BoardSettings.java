package io.tallyhook.payment.board;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * From when on something is worth a person's look.
 *
 * @param handOutWithin how long handing out may take: what failed once and then went well is nobody's concern
 * @param unwindWithin how long a module may take to take back or give back what a refund says
 * @param refundWithin how long a provider may give no clear answer about a refund
 * @param countEvery how often the lines are counted for the metric
 */
@ConfigurationProperties("tallyhook.board")
record BoardSettings(
        @DefaultValue("10m") Duration handOutWithin,
        @DefaultValue("10m") Duration unwindWithin,
        @DefaultValue("1h") Duration refundWithin,
        @DefaultValue("1m") Duration countEvery) {}
