package io.tallyhook.payment.policy;

/** What a policy can say. */
public enum Action {
    /** The payment is handed to its module again, which decides by how things stand now. */
    REOPEN,
    /** All of it is given back. */
    REFUND,
    /** It becomes balance of the payer's wallet, all of it. */
    CREDIT_TO_WALLET,
    /** A person decides. */
    ASK
}
