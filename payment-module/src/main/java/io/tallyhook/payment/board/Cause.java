package io.tallyhook.payment.board;

import java.util.List;

/**
 * Why a line is on the board: a name, for which every language has a sentence, and with it what may safely be done.
 */
public enum Cause {
    LATE(Repair.REOPEN, Repair.REFUND, Repair.CREDIT_TO_WALLET),
    SURPLUS(Repair.REFUND, Repair.CREDIT_TO_WALLET),
    /** What it pays for was cancelled. */
    CANCELLED_BEFORE(Repair.REFUND, Repair.CREDIT_TO_WALLET),
    /** A part of it was given back before anything was handed out. */
    PARTLY_REFUNDED(Repair.REFUND),
    RETRIES_EXHAUSTED(Repair.RETRY, Repair.REFUND),
    NO_LISTENER(Repair.RETRY, Repair.REFUND),
    /** The module threw. */
    FAILED(Repair.RETRY),
    /** Its module says that it cannot be handed out now. */
    WAITS(Repair.RETRY),
    /** It should have been handed out long ago. */
    OVERDUE(Repair.RETRY),
    /** Its payment says that it was handed out, and its module knows nothing of it. */
    UNKNOWN_TO_MODULE(Repair.SETTLE),
    /** Its module has handed it out, and no payment of it is paid. */
    HANDED_OUT_UNPAID(Repair.ASK_PROVIDER, Repair.SETTLE),
    /** All of the money went back, and its module grants it still. */
    REFUNDED_BUT_GRANTED(Repair.SETTLE),
    /** It was refunded at the provider, and what was bought is spent or used. */
    SPENT(Repair.SETTLE),
    /** The module could not be told that the money went back. */
    NOT_TAKEN_BACK(Repair.RETRY_REFUND),
    /** The refund has failed, and the module could not be told to give back what was taken for it. */
    NOT_GIVEN_BACK(Repair.RETRY_REFUND),
    /** The provider waits for a person. */
    STUCK(Repair.RETRY_REFUND),
    /** The provider gives no clear answer. */
    UNCLEAR(Repair.RETRY_REFUND),
    /** Another amount than was agreed. */
    OTHER_AMOUNT(Repair.RELEASE, Repair.ASK_PROVIDER, Repair.SETTLE),
    /** The same, and one person has proposed to release it: another must decide. */
    RELEASE_WAITS(Repair.RELEASE),
    /** It was released, to be given back, and that could not be done. */
    PAID_OTHER_AMOUNT(Repair.REFUND),
    /** A second payment by another transaction. */
    SECOND_TRANSACTION(Repair.SETTLE),
    /** A refund was given up, and a provider tells of money that went back and does not fit any more. */
    REFUND_GIVEN_UP(Repair.SETTLE),
    /** A refund has succeeded, and its provider tells afterwards that it has not. */
    REFUND_CONTRADICTED(Repair.SETTLE),
    /** Something else differs: the account, the seller, the currency, the state. */
    DIFFERS(Repair.ASK_PROVIDER, Repair.SETTLE);

    private final List<Repair> repairs;

    Cause(Repair... repairs) {
        this.repairs = List.of(repairs);
    }

    /** The one that is right most often comes first. */
    public List<Repair> repairs() {
        return repairs;
    }
}
