/** The merchant API of recharges, wallets and the ledger. */
@NullMarked
package io.tallyhook.wallet.web;

import org.jspecify.annotations.NullMarked;
