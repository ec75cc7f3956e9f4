/**
 * Goods orders: what a user wants to buy, from the order until the goods have arrived.
 *
 * <p>Owns the schema {@code orders}: orders, their items, and what refunds have taken back. Listens to {@link
 * io.tallyhook.payment.PaymentsConfirmed} of the purpose {@code GOODS} and marks the orders paid. Publishes nothing. Ends
 * orders whose money goes back, as their {@link io.tallyhook.payment.Entitlement}.
 *
 * <p>The way in is {@link io.tallyhook.orders.Orders}.
 */
@ApplicationModule(displayName = "Orders", allowedDependencies = "payment")
@NullMarked
package io.tallyhook.orders;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
