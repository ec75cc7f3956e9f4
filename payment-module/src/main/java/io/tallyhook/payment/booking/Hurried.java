package io.tallyhook.payment.booking;

/** Whoever does what is due for open payments, and does it anyway a little later. */
@FunctionalInterface
public interface Hurried {

    /** Something is due now; it is committed. Must not throw and not take long. */
    void soon();
}
