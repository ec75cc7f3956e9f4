package io.tallyhook.payment.refund;

import io.tallyhook.payment.Entitlement.TakeBack;
import io.tallyhook.payment.booking.KnownPayment;
import io.tallyhook.payment.booking.KnownRefund;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A refund that has ended and whose module is to be told.
 *
 * @param requestedBy who asked for it; absent if it was started at the provider
 * @param goneBefore as booked with the intent, in minor units
 * @param taken whether what was handed out was taken back for it
 * @param at when it was paid out, or had failed
 */
record EndedRefund(
        String refundNo,
        KnownRefund.State state,
        long amount,
        String reason,
        @Nullable String requestedBy,
        @Nullable Long goneBefore,
        boolean taken,
        Instant at) {

    /** Stands for a person of whom we only know that he could do it. */
    private static final String AT_THE_PROVIDER = "provider";

    boolean succeeded() {
        return state == KnownRefund.State.SUCCEEDED;
    }

    boolean startedAtProvider() {
        return requestedBy == null;
    }

    TakeBack of(KnownPayment payment) {
        return AskedBack.of(
                payment,
                refundNo,
                goneBefore == null ? others(payment) : goneBefore,
                amount,
                requestedBy == null ? AT_THE_PROVIDER : requestedBy,
                reason);
    }

    /** What others give back; a refund of ours that cannot succeed any more may make it too much. */
    private long others(KnownPayment payment) {
        long others = AskedBack.goneBefore(payment) - amount;
        return Math.clamp(others, 0, payment.received().minorUnits() - amount);
    }
}
