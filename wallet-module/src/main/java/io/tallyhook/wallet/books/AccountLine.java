package io.tallyhook.wallet.books;

import io.tallyhook.payment.Money;
import java.time.Instant;
import java.time.LocalDate;

/**
 * One line of a platform's account.
 *
 * @param line number within its journal
 * @param amount signed: a debit is positive
 */
public record AccountLine(
        LocalDate acctDate,
        long journalId,
        int line,
        Instant bookedAt,
        Instant eventAt,
        String kind,
        String reference,
        String requestKey,
        Money amount) {

    public boolean debit() {
        return amount.isPositive();
    }

    /** The amount without its sign. */
    public Money size() {
        return debit() ? amount : Money.fen(Math.negateExact(amount.minorUnits()));
    }
}
