package io.tallyhook.membership;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A purchase of a membership as it stands, with the terms of the moment it was made.
 *
 * @param amount what it costs
 * @param days how long a membership it gives, each day of 24 hours
 * @param changedAt since when it has been in its state
 * @param paidBy the number of the payment that paid it
 * @param paidAt when the payer paid, by the provider's clock
 */
public record Purchase(
        String purchaseNo,
        UserId userId,
        String planCode,
        String planName,
        int days,
        PurchaseState state,
        Money amount,
        Instant createdAt,
        Instant changedAt,
        @Nullable String paidBy,
        @Nullable Instant paidAt) {}
