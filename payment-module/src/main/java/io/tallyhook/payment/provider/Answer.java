package io.tallyhook.payment.provider;

/** What a provider is told about its delivery; {@link CallbackProtocol#reply} puts it into the provider's own form. */
public enum Answer {
    /** Booked, booked before, or deliberately ignored. Never sent before the commit. */
    SUCCESS,
    /** Genuine, but it does not fit the payment. */
    MISMATCH,
    /** Genuine, but there is no such payment. */
    UNKNOWN_PAYMENT,
    /** Not proved genuine. */
    NOT_GENUINE,
    /** Cannot be read. */
    MALFORMED,
    /** Our own trouble: the provider shall send it again. */
    OUR_FAULT
}
