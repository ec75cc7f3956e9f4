package io.tallyhook.wallet.ledger;

/**
 * Which part of a wallet is spent first. Within a part the bonus that expires first goes first, then the oldest recharge.
 * The database knows these words.
 */
public enum DrawDown {
    /**
     * Each recharge gives of principal and bonus as they stand to each other in it. What is left of the principal is then
     * always what may be refunded at the agreed discount, and no correction is ever needed.
     */
    PRO_RATA,
    /** All bonus before any principal. */
    BONUS_FIRST,
    /** All principal before any bonus. */
    PRINCIPAL_FIRST
}
