package io.tallyhook.payment.refund;

import io.tallyhook.payment.RisingGap;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The bounds of refunds.
 *
 * @param lease how long somebody has to ask, send and book before another may try; longer than three calls to a provider and
 *     a booking may take
 * @param sweepEvery how often the sweep looks; a crash costs at most this and the lease
 * @param perSweep how many refunds one sweep takes on at most, so that a backlog does not flood a provider: with the pause
 *     between sweeps some ten a second
 * @param threads how many refunds are taken on at a time, so that one provider that does not answer does not keep the others
 *     waiting
 * @param firstGap the first gap after sending, after an unclear answer and after a module that failed; it doubles up to
 *     {@code maxGap}. WeChat Pay needs a minute for most refunds
 * @param maxGap the longest gap; to a bank card a refund takes days
 * @param stuckGap when a refund is asked for again that waits for a person at the provider. Asking does not hurry him
 * @param secondPersonAbove how much of one payment, in minor units, may be given back on one person's word: what brings all
 *     refunds of the payment above it waits until another person has approved it, so that it cannot be split. 10,000 yuan is
 *     more than nearly all that a shop sells at once, so the daily work needs nobody else, and what one stolen login or one
 *     slipped digit can send away is small; 0 asks for a second person every time
 * @param giveUpAfter for how long a provider must have given no clear answer before two persons may say how a refund ended; what
 *     it calls stuck waits for a person at once
 */
@ConfigurationProperties("tallyhook.refunds")
public record RefundSettings(
        @DefaultValue("60s") Duration lease,
        @DefaultValue("5s") Duration sweepEvery,
        @DefaultValue("50") int perSweep,
        @DefaultValue("4") int threads,
        @DefaultValue("15s") Duration firstGap,
        @DefaultValue("2h") Duration maxGap,
        @DefaultValue("6h") Duration stuckGap,
        @DefaultValue("1000000") long secondPersonAbove,
        @DefaultValue("1h") Duration giveUpAfter) {

    /** Whether a refund needs a second person. @param goneBefore what others give back or have; both in minor units */
    boolean needSecondPerson(long goneBefore, long amount) {
        return Math.addExact(goneBefore, amount) > secondPersonAbove;
    }

    /** How long to wait after this many attempts, before jitter. */
    public Duration gap(int attempts) {
        return new RisingGap(firstGap, maxGap).after(attempts);
    }
}
