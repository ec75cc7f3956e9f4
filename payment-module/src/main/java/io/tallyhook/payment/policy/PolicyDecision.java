package io.tallyhook.payment.policy;

import io.tallyhook.payment.ParkingReason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a policy has decided about a payment, and what came of it. Kept for ever.
 *
 * @param reason why the payment was parked
 * @param action {@code REOPEN}, {@code REFUND}, {@code CREDIT_TO_WALLET} or {@code ASK}
 * @param why {@code SETTING}: so it is configured; {@code TOO_MUCH}: above what it may do without a person; {@code
 *     PARKED_AGAIN}: it has acted for this reason before, and that did not help; {@code RELEASED}: two people have said so
 * @param decidedBy the setting that says so, such as {@code policy:GOODS.late}, or who has proposed it
 * @param result {@code STARTED}, {@code REFUNDING} (asked for, not settled yet), {@code DONE}, or {@code ASKS}: a person
 * @param refundNo of the refund that it asked for
 * @param detail what has kept it from its end; for people
 */
public record PolicyDecision(
        String outTradeNo,
        ParkingReason reason,
        Action action,
        String why,
        Instant decidedAt,
        String decidedBy,
        String result,
        @Nullable String refundNo,
        @Nullable String detail) {}
