package io.tallyhook.payment.fulfilment;

import io.tallyhook.payment.RisingGap;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;

/**
 * The bounds of fulfilment.
 *
 * @param lease how long a listener has before the sweep hands the payment out again; longer than any sane batch
 * @param sweepEvery how often the sweep looks; a lost event costs at most this and the lease
 * @param sweepBatch how many payments one event of the sweep carries, so that a backlog does not become one huge
 *     transaction
 * @param maxAttempts after how many hand-outs a payment is parked; with the doubling gaps below about a day
 * @param firstGap the first gap after a failure; it doubles up to {@code maxGap}
 * @param maxGap the longest gap
 * @param waitingGap ({@code tallyhook.fulfilment.wait}) when a payment is handed out again whose module cannot do so now.
 *     It does not grow: what stands still goes on when a person has looked at it, and half a minute after that nobody
 *     minds, while asking more often would only cost
 * @param retryMost how many payments a person may have retried by one press; a filter that fits more is likely a mistake
 * @param listenerThreads how many listeners run at a time. Most of them wait, as one works for others of its purpose; with
 *     {@code joinedEvents} in each, four transactions run at a time when much is due
 * @param listenerQueue how many events may wait for a thread; more are dropped, the sweep brings them back
 * @param joinedEvents how many events of one purpose are handed out in one transaction at most: a statement for 80
 *     payments costs a quarter less for each than one for 20; more gains little and holds locks longer
 * @param joinedPatience how long an event waits for those before it, until it is handed out beside them: far longer than
 *     a batch takes, so it happens only when one is stuck
 */
@ConfigurationProperties("tallyhook.fulfilment")
public record FulfilmentSettings(
        @DefaultValue("15s") Duration lease,
        @DefaultValue("5s") Duration sweepEvery,
        @DefaultValue("100") int sweepBatch,
        @DefaultValue("20") int maxAttempts,
        @DefaultValue("15s") Duration firstGap,
        @DefaultValue("2h") Duration maxGap,
        @Name("wait") @DefaultValue("30s") Duration waitingGap,
        @DefaultValue("10000") int retryMost,
        @DefaultValue("16") int listenerThreads,
        @DefaultValue("500") int listenerQueue,
        @DefaultValue("4") int joinedEvents,
        @DefaultValue("250ms") Duration joinedPatience) {

    private static final int WHOLE = 1000;
    private static final int JITTER = 200;

    /** {@link #gap} and up to a fifth more, so that what failed together is not tried again together. */
    Duration spreadGap(int attempts, RandomGenerator random) {
        return gap(attempts).multipliedBy(WHOLE + random.nextInt(JITTER + 1)).dividedBy(WHOLE);
    }

    /** How long to wait after this many attempts. */
    public Duration gap(int attempts) {
        return new RisingGap(firstGap, maxGap).after(attempts);
    }
}
