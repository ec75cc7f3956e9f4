package io.tallyhook.payment;

/** A module's answer for one confirmed payment. A failure that a retry may heal is thrown, not answered. */
public sealed interface Fulfilment {

    String outTradeNo();

    /** What was bought has been handed out, now or before. */
    record Done(String outTradeNo) implements Fulfilment {}

    /** It must not be handed out; the payment is parked with the reason. */
    record Refused(String outTradeNo, ParkingReason reason) implements Fulfilment {}
}
