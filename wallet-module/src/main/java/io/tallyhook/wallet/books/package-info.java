/**
 * What finance reads and does: wallets at any moment, statements, vouchers, the trial balance down to its lines, and
 * adjustments that a second person approves.
 *
 * <p>Reading changes nothing and locks nothing; the ways in are {@link io.tallyhook.wallet.books.Books} and {@link
 * io.tallyhook.wallet.books.Adjustments}.
 */
@NamedInterface("books")
@NullMarked
package io.tallyhook.wallet.books;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
