/**
 * Payments and the callbacks that settle them.
 *
 * <p>Owns the schema {@code payment}: payments, refunds and the callback log. Publishes {@link
 * io.tallyhook.payment.PaymentsConfirmed} when money has arrived and {@link io.tallyhook.payment.PaymentsFulfilled}
 * when it was turned into what was bought. Listens to nobody and knows no other module. What no provider called about it asks
 * (package {@code asking}).
 *
 * <p>A module that sells something declares a {@link io.tallyhook.payment.Purpose}, opens payments through {@link
 * io.tallyhook.payment.Payments}, listens to {@code PaymentsConfirmed} and hands the event to {@link
 * io.tallyhook.payment.Fulfilments}. It declares an {@link io.tallyhook.payment.Entitlement} too, so that what it handed out
 * can be taken back by {@link io.tallyhook.payment.Refunds}, and a {@link io.tallyhook.payment.HandedOut}, so that it can be held
 * against what was paid.
 *
 * <p>What was paid and cannot be handed out is settled by {@link io.tallyhook.payment.policy.Policies policies} or by people, and
 * stands on the {@link io.tallyhook.payment.board.Board board} until then.
 *
 * <p>A module that keeps money of users declares an {@link io.tallyhook.payment.InstantMethod}, so that whatever is sold
 * can be paid with that money at once, and a {@link io.tallyhook.payment.WalletCredit}, so that money which has bought nothing can
 * become balance.
 */
@ApplicationModule(
        displayName = "Payment",
        allowedDependencies = {})
@NullMarked
package io.tallyhook.payment;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
