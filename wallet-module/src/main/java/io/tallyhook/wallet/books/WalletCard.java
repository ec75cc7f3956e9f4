package io.tallyhook.wallet.books;

import io.tallyhook.payment.UserId;
import java.util.List;

/**
 * One user's wallet.
 *
 * @param balances at the moment that was asked for
 * @param lots those with something left now, in the order in which they are spent
 * @param holds the open ones first
 */
public record WalletCard(UserId userId, Balances balances, List<Lot> lots, List<HoldLine> holds) {}
