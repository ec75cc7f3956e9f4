package io.tallyhook.wallet.books;

import io.tallyhook.payment.Money;
import java.time.Instant;

/**
 * One line of a user's statement.
 *
 * @param seq gapless from 1 for each user and purse
 * @param bookedAt when we booked it
 * @param eventAt when it happened, by the provider's clock where there is one
 * @param reference what people know it by, such as the number of a recharge
 * @param requestKey under which it was booked, such as the number of the payment
 * @param amount signed as in the books: a debit is positive
 * @param balance of the purse after this line
 */
public record StatementLine(
        Purse purse,
        long seq,
        long journalId,
        Instant bookedAt,
        Instant eventAt,
        String kind,
        String reference,
        String requestKey,
        Money amount,
        Money balance) {

    public boolean debit() {
        return amount.isPositive();
    }

    /** The amount without its sign. */
    public Money size() {
        return debit() ? amount : Money.fen(Math.negateExact(amount.minorUnits()));
    }
}
