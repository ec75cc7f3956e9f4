package io.tallyhook.wallet.books;

import java.util.List;

/**
 * What a proposal would do if it were approved now. It was really done, and undone again, so that nothing is guessed.
 *
 * @param outcome {@code POSTED}, or why the ledger would refuse
 * @param lines what would be booked; empty if it would be refused
 * @param before the wallet as it is
 * @param after the wallet as it would be
 * @param newWallet whether the user was never seen before, as if the name were mistyped
 */
public record Effect(String outcome, List<Voucher.Line> lines, Balances before, Balances after, boolean newWallet) {

    public boolean posted() {
        return outcome.equals("POSTED");
    }
}
