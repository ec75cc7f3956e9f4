package io.tallyhook.payment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a person proposes to do about a refund that never gets a clear answer, and who has confirmed it.
 *
 * @param paidOut whether the money was given back in another way; else nothing has gone and nothing will
 * @param reason how he knows
 * @param reference of the payment by which it was given back; absent if nothing was
 * @param confirmedBy the second person; absent while nobody has confirmed
 */
public record GivingUp(
        boolean paidOut,
        String reason,
        @Nullable String reference,
        String proposedBy,
        Instant proposedAt,
        @Nullable String confirmedBy) {}
