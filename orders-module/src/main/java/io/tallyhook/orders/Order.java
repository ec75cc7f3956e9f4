package io.tallyhook.orders;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.UserId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An order as it stands.
 *
 * @param amount what all items cost
 * @param changedAt since when it has been in its state
 * @param paidBy the number of the payment that paid it
 * @param paidAt when the payer paid, by the provider's clock
 */
public record Order(
        String orderNo,
        UserId userId,
        OrderState state,
        Money amount,
        List<OrderItem> items,
        Instant createdAt,
        Instant changedAt,
        @Nullable String paidBy,
        @Nullable Instant paidAt) {}
