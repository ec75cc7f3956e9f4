package io.tallyhook.payment.callback;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The bounds of the door for providers.
 *
 * @param maxBody larger bodies are not read; real ones have a few kilobytes
 * @param bodyWithin how long a whole body may take to arrive, so that a trickle does not hold a thread
 * @param rejectedPerMinute how many refused deliveries are stored per account and minute; more are counted
 * @param rejectedBytesPerMinute how many bytes of them; more are counted. Keeps a flood under 1.5 GB a day and account
 * @param rejectedQueue how many refused deliveries may wait for being stored; more are counted
 * @param keep for how long deliveries are kept at least; whole months are dropped after that. Money can be refunded for a
 *     year after it was paid, and a question about it comes later still
 */
@ConfigurationProperties("tallyhook.callbacks")
record CallbackSettings(
        @DefaultValue("256KB") DataSize maxBody,
        @DefaultValue("10s") Duration bodyWithin,
        @DefaultValue("60") int rejectedPerMinute,
        @DefaultValue("1MB") DataSize rejectedBytesPerMinute,
        @DefaultValue("1000") int rejectedQueue,
        @DefaultValue("400d") Duration keep) {

    private static final Duration SHORTEST = Duration.ofDays(31);

    CallbackSettings {
        if (keep.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("tallyhook.callbacks.keep must be at least 31d, but is " + keep);
        }
    }
}
