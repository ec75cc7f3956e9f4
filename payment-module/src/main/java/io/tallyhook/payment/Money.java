package io.tallyhook.payment;

import java.math.BigDecimal;
import java.util.Currency;

/**
 * An exact amount of money: whole minor units (fen for CNY) of one currency. Never a fraction, never floating point;
 * arithmetic that would overflow throws {@link ArithmeticException}.
 *
 * @param minorUnits the amount in minor units, for example 1999 for 19.99 CNY; may be negative
 * @param currency the ISO 4217 currency
 */
public record Money(long minorUnits, Currency currency) implements Comparable<Money> {

    /** The only currency until a provider needs another. */
    public static final Currency CNY = Currency.getInstance("CNY");

    /** The largest amount that one payment, order or recharge may have, in minor units. */
    public static final long MAX_MINOR_UNITS = 10_000_000_000L;

    /** An amount in fen. */
    public static Money fen(long minorUnits) {
        return new Money(minorUnits, CNY);
    }

    /** An amount in minor units of the currency with this ISO 4217 code. */
    public static Money of(long minorUnits, String currencyCode) {
        return new Money(minorUnits, Currency.getInstance(currencyCode));
    }

    /**
     * Reads an amount written in yuan, such as {@code 19.99}.
     *
     * @throws ArithmeticException if it is not a whole number of fen or does not fit
     * @throws NumberFormatException if it is not a plain decimal number
     */
    public static Money yuan(String text) {
        if (text.length() > 20 || !text.matches("-?[0-9]+(\\.[0-9]+)?")) {
            throw new NumberFormatException("not a plain decimal amount");
        }
        return fen(new BigDecimal(text).movePointRight(2).longValueExact());
    }

    public Money plus(Money other) {
        return new Money(Math.addExact(minorUnits, sameCurrency(other).minorUnits), currency);
    }

    public Money minus(Money other) {
        return new Money(Math.subtractExact(minorUnits, sameCurrency(other).minorUnits), currency);
    }

    public Money times(int factor) {
        return new Money(Math.multiplyExact(minorUnits, factor), currency);
    }

    public boolean isPositive() {
        return minorUnits > 0;
    }

    /** The amount in major units with the currency's digits and no currency code: {@code 19.99}. */
    public String plain() {
        return BigDecimal.valueOf(minorUnits, currency.getDefaultFractionDigits())
                .toPlainString();
    }

    @Override
    public int compareTo(Money other) {
        return Long.compare(minorUnits, sameCurrency(other).minorUnits);
    }

    @Override
    public String toString() {
        return plain() + " " + currency.getCurrencyCode();
    }

    private Money sameCurrency(Money other) {
        if (!currency.equals(other.currency)) {
            throw new IllegalArgumentException("%s and %s are of different currencies".formatted(this, other));
        }
        return other;
    }
}
