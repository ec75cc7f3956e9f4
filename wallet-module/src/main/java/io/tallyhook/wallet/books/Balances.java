package io.tallyhook.wallet.books;

import io.tallyhook.payment.Money;
import java.util.Map;

/** What is in a user's accounts at one moment; nothing in those that do not exist. */
public record Balances(Money principal, Money bonus, Money heldPrincipal, Money heldBonus, Money debt) {

    static Balances of(Map<Purse, Long> minorUnits) {
        return new Balances(
                in(Purse.PRINCIPAL, minorUnits),
                in(Purse.BONUS, minorUnits),
                in(Purse.HELD_PRINCIPAL, minorUnits),
                in(Purse.HELD_BONUS, minorUnits),
                in(Purse.DEBT, minorUnits));
    }

    private static Money in(Purse purse, Map<Purse, Long> minorUnits) {
        return Money.fen(minorUnits.getOrDefault(purse, 0L));
    }

    /** Whether anything is set aside. */
    public boolean holdsAnything() {
        return heldPrincipal.isPositive() || heldBonus.isPositive();
    }
}
