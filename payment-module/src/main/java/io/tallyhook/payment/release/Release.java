package io.tallyhook.payment.release;

import io.tallyhook.payment.Money;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A proposal to release a quarantined delivery of another amount, and what has become of it. Kept for ever.
 *
 * @param callbackId the delivery
 * @param asked what was asked for
 * @param received what the delivery says was paid
 * @param reason why, as who proposed it said
 * @param byPolicy whether a policy has released it, without a person
 * @param decidedBy who has confirmed, declined or withdrawn it
 * @param note why it was declined or withdrawn
 */
public record Release(
        long id,
        String outTradeNo,
        UUID callbackId,
        Money asked,
        Money received,
        Action action,
        String reason,
        String proposedBy,
        Instant proposedAt,
        boolean byPolicy,
        State state,
        @Nullable String decidedBy,
        @Nullable Instant decidedAt,
        @Nullable String note) {

    /** What happens with the money once it is booked. */
    public enum Action {
        /** All that was received goes back to where it came from. */
        REFUND,
        /** What was ordered is handed out, and what was received stays. */
        REOPEN,
        /** What was received becomes balance of the payer's wallet, and nothing is handed out. */
        CREDIT_TO_WALLET
    }

    /** Where it stands. */
    public enum State {
        PROPOSED,
        RELEASED,
        DECLINED,
        WITHDRAWN
    }

    /** Whether it waits for a second person. */
    public boolean isOpen() {
        return state == State.PROPOSED;
    }
}
