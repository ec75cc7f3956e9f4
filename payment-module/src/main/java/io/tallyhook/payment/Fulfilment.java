package io.tallyhook.payment;

/** A module's answer for one confirmed payment. A failure that a retry may heal is thrown, not answered. */
public sealed interface Fulfilment {

    String outTradeNo();

    /** What was bought has been handed out, now or before. */
    record Done(String outTradeNo) implements Fulfilment {}

    /** It must not be handed out; the payment is parked with the reason. */
    record Refused(String outTradeNo, ParkingReason reason) implements Fulfilment {}

    /**
     * It cannot be handed out now, and that is no failure: something stands still until a person lets it go on. The
     * payment stays due and is handed out again, as often as it takes; this attempt does not count.
     *
     * @param why for people, such as {@code the ledger stands still for shard 7}
     */
    record Waiting(String outTradeNo, String why) implements Fulfilment {}
}
