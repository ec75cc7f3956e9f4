package io.tallyhook.wallet;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.UserId;

/**
 * What a user has.
 *
 * @param principal paid for and free to spend
 * @param bonus given on top and free to spend
 * @param heldPrincipal set aside for something that is not settled yet
 * @param heldBonus set aside likewise
 */
public record Wallet(UserId userId, Money principal, Money bonus, Money heldPrincipal, Money heldBonus) {}
