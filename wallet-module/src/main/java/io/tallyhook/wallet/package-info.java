/**
 * Recharges, the wallets they fill, what is paid from them, and the double-entry ledger that proves every balance.
 *
 * <p>Owns the schema {@code wallet}: recharges and packages, journals and postings, balances, lots and holds. Publishes
 * nothing. Listens to {@link io.tallyhook.payment.PaymentsConfirmed} of the purpose {@code RECHARGE} and credits what was
 * paid. Pays at once from the balance for whoever opens a payment with {@code wallet} / {@code balance}, and gives back there.
 * Takes recharges back whose money goes back, as their {@link io.tallyhook.payment.Entitlement}. Takes in money that was paid for
 * something else and bought nothing, as a {@link io.tallyhook.payment.WalletCredit}.
 *
 * <p>The way in is {@link io.tallyhook.wallet.Wallets}; money is set aside through {@link io.tallyhook.wallet.Holds}. Money
 * moves only in {@code io.tallyhook.wallet.ledger} and the functions of {@code V3__operations.sql}; why it moves as it does is
 * told in {@code RATIONALE.md}. What finance reads and does is in {@code io.tallyhook.wallet.books}, and as files in {@code
 * io.tallyhook.wallet.export}.
 */
@ApplicationModule(displayName = "Wallet", allowedDependencies = "payment")
@NullMarked
package io.tallyhook.wallet;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
