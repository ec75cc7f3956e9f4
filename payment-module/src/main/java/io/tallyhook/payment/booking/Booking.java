package io.tallyhook.payment.booking;

import io.tallyhook.payment.provider.Claim;
import io.tallyhook.payment.provider.Fact;
import org.jspecify.annotations.Nullable;

/**
 * A genuine fact on its way to be decided.
 *
 * @param provider whom it came from
 * @param account through which of our accounts
 * @param identity who we are in that account
 * @param accepted the other amount that was accepted for it; absent for everything that arrives
 */
public record Booking(
        String provider,
        String account,
        Claim identity,
        Fact fact,
        @Nullable Accepted accepted) {

    public Booking(String provider, String account, Claim identity, Fact fact) {
        this(provider, account, identity, fact, null);
    }

    public Booking accepting(Accepted other) {
        return new Booking(provider, account, identity, fact, other);
    }
}
