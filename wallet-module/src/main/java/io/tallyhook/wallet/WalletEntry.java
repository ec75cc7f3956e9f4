package io.tallyhook.wallet;

import java.time.Instant;

/**
 * One line of a user's statement.
 *
 * @param seq gapless from 1 for each user and part
 * @param kind what happened, such as {@code RECHARGE}
 * @param amount as the user sees it, in minor units: more is positive, less is negative
 * @param balance of that part after the line, in minor units
 * @param reference what it was about, such as the number of a recharge
 */
public record WalletEntry(
        long seq, Instant bookedAt, String kind, Part part, long amount, long balance, String reference) {

    /** Which of a user's two purses. */
    public enum Part {
        /** What was paid for. */
        PRINCIPAL,
        /** What was given on top. */
        BONUS
    }
}
