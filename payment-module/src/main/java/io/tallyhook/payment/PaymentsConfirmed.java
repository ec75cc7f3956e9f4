package io.tallyhook.payment;

import java.util.List;

/**
 * Money has arrived for these payments of one purpose.
 *
 * <p>Raised in the transaction that marks them paid, and again by the sweep for those that were not fulfilled in time;
 * by the time a listener runs that transaction is committed. The module of the purpose listens. It must tolerate to
 * hear of the same payment again, also at the same time, and does so by handing the event to {@link Fulfilments}.
 *
 * @param purpose the code of the purpose, for the listener's condition
 * @param again whether the sweep raised it, which then has counted an attempt of each payment
 */
public record PaymentsConfirmed(String purpose, List<ConfirmedPayment> payments, boolean again) {

    /** As the booking raises it: nothing has been counted. */
    public PaymentsConfirmed(String purpose, List<ConfirmedPayment> payments) {
        this(purpose, payments, false);
    }
}
