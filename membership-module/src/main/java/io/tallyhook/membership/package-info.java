/**
 * VIP memberships: plans, their purchases, and what was granted to whom until when.
 *
 * <p>Owns the schema {@code membership}: the catalog of plans, purchases, one line of grants per user, and what refunds have
 * taken of it. Listens to {@link io.tallyhook.payment.PaymentsConfirmed} of the purpose {@code VIP} and grants what was paid.
 * Publishes nothing. Takes days back whose money goes back, as their {@link io.tallyhook.payment.Entitlement}.
 *
 * <p>The way in is {@link io.tallyhook.membership.Memberships}.
 */
@ApplicationModule(displayName = "Membership", allowedDependencies = "payment")
@NullMarked
package io.tallyhook.membership;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
