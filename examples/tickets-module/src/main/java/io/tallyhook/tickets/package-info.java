/**
 * Tickets for shows.
 *
 * <p>Owns the schema {@code tickets}. Listens to {@link io.tallyhook.payment.PaymentsConfirmed} of the purpose {@code
 * TICKET} and issues what was paid.
 */
@ApplicationModule(displayName = "Tickets", allowedDependencies = "payment")
@NullMarked
package io.tallyhook.tickets;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
