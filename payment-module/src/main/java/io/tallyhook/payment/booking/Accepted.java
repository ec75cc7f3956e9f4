package io.tallyhook.payment.booking;

import io.tallyhook.payment.Money;

/**
 * That another amount than was asked for is booked all the same, as two people or a policy have decided. Everything else about
 * the payment must fit as always.
 *
 * @param received the amount; no other fits then
 * @param handOut whether what was ordered is handed out for it; else it is parked
 */
public record Accepted(Money received, boolean handOut) {}
