package io.tallyhook.payment.asking;

/** What a provider says about a payment, in a word. */
public enum ProviderSays {
    PAID,
    /** Something was given back. */
    REFUNDED,
    /** It cannot be paid any more. */
    CLOSED,
    /** Not paid yet, or in a state that changes nothing here. */
    OPEN,
    /** It knows no such payment; the payer may not have begun. */
    UNKNOWN,
    /** No usable answer: nothing is known. */
    UNCLEAR
}
