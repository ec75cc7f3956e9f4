package io.tallyhook.payment.board;

/** What a person may safely do about a line: each decides again by how things stand then, and none can do anything twice. */
public enum Repair {
    /** The module decides anew about a payment that was given up. */
    REOPEN,
    /** The module is asked again to hand out. */
    RETRY,
    /** All that is left of the payment is given back. */
    REFUND,
    /** All of it becomes balance of the payer's wallet. */
    CREDIT_TO_WALLET,
    /** The provider, or the module, is asked about the refund again. */
    RETRY_REFUND,
    /** Two people book what was received, and say what happens with it: on the page of the delivery. */
    RELEASE,
    /** It was settled outside of this system; the line goes. */
    SETTLE
}
