package io.tallyhook.wallet;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.UserId;
import java.time.Instant;

/**
 * Money of a wallet that is set aside for something that is not settled yet.
 *
 * @param amount what was set aside, principal and bonus together
 * @param captured what was spent of it for good
 * @param released what went back to the wallet
 * @param left what is still set aside
 * @param reference what it is for, in the shop's own words
 * @param expiresAt when what is left then goes back by itself
 */
public record Hold(
        String holdNo,
        UserId userId,
        State state,
        Money amount,
        Money principal,
        Money bonus,
        Money captured,
        Money released,
        Money left,
        String reference,
        Instant createdAt,
        Instant expiresAt) {

    /** Where a hold stands. */
    public enum State {
        /** Something of it is still set aside. */
        OPEN,
        /** All that was not captured went back. Nothing is set aside any more. */
        CLOSED
    }
}
