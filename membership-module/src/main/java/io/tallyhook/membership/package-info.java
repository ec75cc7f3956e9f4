/**
 * VIP memberships: plans, their purchases, and what was granted to whom until when.
 *
 * <p>Owns the schema {@code membership}: the catalog of plans, purchases, and one line of grants per user. Listens to
 * {@link io.tallyhook.payment.PaymentsConfirmed} of the purpose {@code VIP} and grants what was paid. Publishes nothing.
 *
 * <p>The way in is {@link io.tallyhook.membership.Memberships}.
 */
@ApplicationModule(displayName = "Membership", allowedDependencies = "payment")
@NullMarked
package io.tallyhook.membership;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
