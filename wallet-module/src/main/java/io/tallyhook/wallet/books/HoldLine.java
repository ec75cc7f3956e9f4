package io.tallyhook.wallet.books;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.UserId;
import java.time.Instant;

/**
 * Money set aside for something that is not settled yet.
 *
 * @param holdId the journal that set it aside
 * @param holdNo the caller's number of it
 * @param reference what it is for
 * @param principal what was set aside
 * @param principalLeft what is neither captured nor released
 * @param expiresAt when the rest is released by itself
 */
public record HoldLine(
        UserId userId,
        long holdId,
        String holdNo,
        String reference,
        Instant bookedAt,
        Instant expiresAt,
        Money principal,
        Money bonus,
        Money principalLeft,
        Money bonusLeft) {

    public boolean open() {
        return principalLeft.isPositive() || bonusLeft.isPositive();
    }

    public Money amount() {
        return principal.plus(bonus);
    }

    public Money left() {
        return principalLeft.plus(bonusLeft);
    }
}
