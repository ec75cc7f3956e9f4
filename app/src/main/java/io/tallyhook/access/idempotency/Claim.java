package io.tallyhook.access.idempotency;

import io.tallyhook.payment.RequestId;
import java.util.UUID;

/** What came of asking for an Idempotency-Key. */
sealed interface Claim {

    /**
     * It is ours: do the work.
     *
     * @param requestId the same in every attempt under this key
     * @param attempt tells this attempt from the others
     */
    record Won(RequestId requestId, UUID attempt) implements Claim {}

    /** The work is done already; this was the answer. */
    record Kept(Answer answer) implements Claim {}

    /** Another attempt is at it. */
    record Running() implements Claim {}

    /** The key belongs to a request that was different. */
    record Different() implements Claim {}
}
