package io.tallyhook.payment.provider;

/** What a delivery is held against; what is compared with the payment, in the order in which it is shown. */
public enum Check {
    /** The body could be read: its form, its fields, exact amounts. */
    FORM,
    /** The key that it names is one of ours for this account. */
    KEY,
    /** It was signed within 300 s of our clock. */
    TIMESTAMP,
    /** The provider signed exactly these bytes. */
    SIGNATURE,
    /** Its content could be decrypted with our key. */
    DECRYPTION,
    /** There is a payment with this number. */
    PAYMENT,
    /** The payment was opened at this provider and account. */
    CHANNEL,
    /** It names our application. */
    APP_ID,
    /** It names our merchant number. */
    MERCHANT_ID,
    /** It names us as the seller. */
    SELLER,
    /** Its currency is that of the payment. */
    CURRENCY,
    /** Its amount is that of the payment. */
    AMOUNT,
    /** If the payment is paid already, then by this transaction of the provider. */
    TRANSACTION,
    /** The payment's state allows it. */
    STATE
}
