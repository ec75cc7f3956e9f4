/**
 * Recharges, the wallets they fill, and the double-entry ledger that proves every balance.
 *
 * <p>Owns the schema {@code wallet}: recharges and packages, journals and postings, balances and lots. Publishes nothing.
 * Listens to {@link io.tallyhook.payment.PaymentsConfirmed} of the purpose {@code RECHARGE} and credits what was paid.
 *
 * <p>The way in is {@link io.tallyhook.wallet.Wallets}. Money moves only in {@code io.tallyhook.wallet.ledger}; why it moves
 * as it does is told in {@code RATIONALE.md}.
 */
@ApplicationModule(displayName = "Wallet", allowedDependencies = "payment")
@NullMarked
package io.tallyhook.wallet;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
