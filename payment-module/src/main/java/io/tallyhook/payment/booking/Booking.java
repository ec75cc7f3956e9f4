package io.tallyhook.payment.booking;

import io.tallyhook.payment.provider.Claim;
import io.tallyhook.payment.provider.Fact;

/**
 * A genuine fact on its way to be decided.
 *
 * @param provider whom it came from
 * @param account through which of our accounts
 * @param identity who we are in that account
 */
public record Booking(String provider, String account, Claim identity, Fact fact) {}
