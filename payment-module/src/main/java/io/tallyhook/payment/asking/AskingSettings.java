package io.tallyhook.payment.asking;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The bounds of asking.
 *
 * @param active whether anything is asked, closed or watched by itself; a person can always ask
 * @param every how often it is looked for what is due
 * @param firstGap how long after opening a payment is asked about first, until that is learned from when people pay: most are
 *     paid by then, and the callback has told
 * @param maxGap the longest gap between two questions; from the first to the longest each is three times the one before
 * @param unclearGap the longest gap after a question that got no usable answer
 * @param silentFirstGap the first gap while the account's callbacks do not come
 * @param silentMaxGap the longest gap while the account's callbacks do not come
 * @param perSecond how often one account is asked per second, over all instances. Providers turn away who asks too often; where
 *     more payments than this stay unpaid, questions come later, so raise it there
 * @param parallel how many questions to one account an instance has under way; a provider that does not answer costs no more
 * @param lease how long one question may take, booking included, before another instance asks again
 * @param keep for how long questions are kept that changed nothing
 */
@ConfigurationProperties("tallyhook.asking")
public record AskingSettings(
        @DefaultValue("true") boolean active,
        @DefaultValue("1s") Duration every,
        @DefaultValue("30s") Duration firstGap,
        @DefaultValue("1d") Duration maxGap,
        @DefaultValue("5m") Duration unclearGap,
        @DefaultValue("10s") Duration silentFirstGap,
        @DefaultValue("2m") Duration silentMaxGap,
        @DefaultValue("20") int perSecond,
        @DefaultValue("20") int parallel,
        @DefaultValue("1m") Duration lease,
        @DefaultValue("90d") Duration keep) {

    private static final int FACTOR = 3;
    private static final int WHOLE = 1000;
    private static final int JITTER = 100;

    public AskingSettings {
        if (perSecond < 1 || parallel < 1) {
            throw new IllegalArgumentException("tallyhook.asking.per-second and .parallel must be at least 1");
        }
    }

    /** The same with another first gap, as it was learned. */
    AskingSettings startingAt(Duration learned) {
        return new AskingSettings(
                active,
                every,
                learned,
                maxGap,
                unclearGap,
                silentFirstGap,
                silentMaxGap,
                perSecond,
                parallel,
                lease,
                keep);
    }

    /** How long to wait after this many questions: rising, and never longer than {@code maxGap}. */
    Duration gap(int asked, boolean silent) {
        return rising(silent ? silentFirstGap : firstGap, asked, silent ? silentMaxGap : maxGap);
    }

    /** How long to wait after this many questions, the last of which got no usable answer. */
    Duration unclearGap(int asked, boolean silent) {
        var gap = gap(asked, silent);
        return gap.compareTo(unclearGap) < 0 ? gap : unclearGap;
    }

    /** A tenth more or less, so that what was asked together is not asked together again. */
    static Duration spread(Duration gap, RandomGenerator random) {
        return gap.multipliedBy(WHOLE - JITTER + random.nextInt(2 * JITTER + 1)).dividedBy(WHOLE);
    }

    private static Duration rising(Duration first, int times, Duration longest) {
        var gap = first;
        for (int i = 0; i < times && gap.compareTo(longest) < 0; i++) {
            gap = gap.multipliedBy(FACTOR);
        }
        return gap.compareTo(longest) < 0 ? gap : longest;
    }
}
