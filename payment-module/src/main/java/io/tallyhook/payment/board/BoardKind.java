package io.tallyhook.payment.board;

/** What can be wrong between money and goods. */
public enum BoardKind {
    /** Paid, and nothing was handed out for it. */
    NOT_FULFILLED,
    /** Paid after it was closed. */
    CLOSED_BUT_PAID,
    /** What it pays for was paid before. */
    PAID_TWICE,
    /** Something was handed out for which no money has come. */
    HANDED_OUT_UNPAID,
    /** The money went back, and what it paid for did not, or not all of it. */
    STILL_GRANTED,
    /** What was handed out was taken back, and the money has not gone. */
    REFUND_UNFINISHED,
    /** A provider says that money came, in a genuine delivery that does not fit its payment. Nothing was booked. */
    QUARANTINED
}
