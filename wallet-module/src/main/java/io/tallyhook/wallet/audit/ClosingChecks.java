package io.tallyhook.wallet.audit;

import io.tallyhook.payment.Money;
import java.time.YearMonth;
import java.util.List;

/**
 * What a person should know before a month is closed. Only the proof is a condition; the others are for him to weigh.
 *
 * @param proofHolds whether the last checks hold and no shard is stopped
 * @param openHolds money set aside that is neither captured nor released
 * @param proposedAdjustments adjustments that nobody has decided on
 * @param refundsInTransit money that providers have not confirmed to have paid back
 * @param earlierOpen months before it that take postings still
 */
public record ClosingChecks(
        boolean proofHolds,
        long openHolds,
        long proposedAdjustments,
        Money refundsInTransit,
        List<YearMonth> earlierOpen) {}
