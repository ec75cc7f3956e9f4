package io.tallyhook.wallet.ledger;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step of a random story. Users are numbered; keys are short names that the story makes unique. */
sealed interface Step {

    /** @param bonusDays null: for ever */
    record Terms(
            int user,
            String key,
            long principal,
            long bonus,
            @Nullable Integer bonusDays,
            String channel) {}

    record Recharge(List<Terms> batch) implements Step {}

    record Spend(int user, String key, long amount, String purpose, DrawDown policy) implements Step {}

    record GiveBack(int user, String key, String spent, long amount) implements Step {}

    record Hold(int user, String key, long amount, Duration lasting, DrawDown policy) implements Step {}

    /** @param amount null: all that is left */
    record Capture(
            int user, String key, String hold, @Nullable Long amount, String purpose) implements Step {}

    record Release(int user, String key, String hold) implements Step {}

    record Refund(int user, String key, String recharge, long amount) implements Step {}

    /** The provider says how a refund ended. */
    record End(int user, String key, boolean paidOut) implements Step {}

    /**
     * What two persons do.
     *
     * @param subject the recharge that is charged back, or the spend that is given back
     * @param bonusUntil of a granted bonus, since the story began; null: for ever
     */
    record Adjust(
            int user,
            String key,
            String kind,
            long amount,
            @Nullable String subject,
            @Nullable Duration bonusUntil) implements Step {}

    record ExpireBonuses() implements Step {}

    record ReleaseOverdue() implements Step {}

    /** Time passes, or the clock is put back. */
    record Tick(Duration by) implements Step {}
}
