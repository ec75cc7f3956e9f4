package io.tallyhook.wallet.books;

/** What a person can do to a wallet, if a second person agrees. */
public enum AdjustmentKind {
    /** Gives principal, at our cost. */
    GRANT_PRINCIPAL,
    /** Takes principal that should not be there. */
    TAKE_PRINCIPAL,
    /** Gives bonus, which may expire. */
    GRANT_BONUS,
    /** Takes bonus that should not be there. */
    TAKE_BONUS,
    /** Pays what the user owes us from his principal. */
    PAY_DEBT,
    /** Gives up what the user owes us. */
    WRITE_OFF_DEBT,
    /** Books that the provider has taken back a recharge. */
    CHARGEBACK,
    /** Gives back what was paid from the balance, to the lots that it came from. */
    SPEND_REFUND;

    /** Whether it is about one payment, which must be named. */
    public boolean hasSubject() {
        return this == CHARGEBACK || this == SPEND_REFUND;
    }

    /** Whether what is given can expire. */
    public boolean mayExpire() {
        return this == GRANT_BONUS;
    }
}
