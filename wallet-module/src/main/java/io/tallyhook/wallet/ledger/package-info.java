/**
 * The double-entry ledger: the only code that writes journals, postings, balances and lots.
 *
 * <p>Its rules are in the database too ({@code V1__ledger.sql}), and what they add up to is listed by the views of {@code
 * V5__proof.sql}.
 */
@NullMarked
package io.tallyhook.wallet.ledger;

import org.jspecify.annotations.NullMarked;
