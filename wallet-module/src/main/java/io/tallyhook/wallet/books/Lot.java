package io.tallyhook.wallet.books;

import io.tallyhook.payment.Money;
import java.time.Instant;
import java.util.Optional;

/**
 * Money that came together: a recharge with its bonus, or what an adjustment granted.
 *
 * @param lotId the journal that granted it
 * @param reference the number of the recharge or adjustment
 * @param requestKey the payment of the recharge; the number of the adjustment
 * @param channel provider and account that collected it, such as {@code wechat/main}; empty: no provider did
 * @param principal what was granted
 * @param principalLeft what is neither spent, nor set aside, nor gone in another way
 * @param expiresAt when the bonus expires; absent: never
 */
public record Lot(
        long lotId,
        String reference,
        String requestKey,
        String channel,
        Instant bookedAt,
        Money principal,
        Money bonus,
        Money principalLeft,
        Money bonusLeft,
        Optional<Instant> expiresAt) {

    /** Whether a provider collected it, so that it can be refunded to its payer. */
    public boolean recharge() {
        return !channel.isEmpty();
    }

    public boolean open() {
        return principalLeft.isPositive() || bonusLeft.isPositive();
    }
}
