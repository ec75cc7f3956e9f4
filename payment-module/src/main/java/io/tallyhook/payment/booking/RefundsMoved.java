package io.tallyhook.payment.booking;

/**
 * Who wants to know, right after the commit, that refunds have ended or that their provider is to be asked. It is only a hint:
 * what is due stands in the rows.
 */
@FunctionalInterface
public interface RefundsMoved {

    /** Must return at once and throw nothing: callbacks wait for it. */
    void hint();
}
