package io.tallyhook.payment.provider;

/**
 * A delivery that we made ourselves, to be ready before the first real one comes. Nobody has signed it, so what it says must
 * never be booked.
 *
 * @param says what the delivery would say if it were genuine
 */
public record Rehearsal(Delivery delivery, Fact says) {}
