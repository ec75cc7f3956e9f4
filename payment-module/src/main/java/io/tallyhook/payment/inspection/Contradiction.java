package io.tallyhook.payment.inspection;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.HandedOut.Grant;
import io.tallyhook.payment.PaymentState;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a payment and what was handed out for it can contradict each other. */
enum Contradiction {
    HANDED_OUT_UNPAID,
    REFUNDED_BUT_GRANTED,
    UNKNOWN_TO_MODULE;

    /** Pure; both seen at the same moment. */
    static Optional<Contradiction> between(@Nullable Grant grant, @Nullable Standing payment) {
        if (grant == null) {
            return payment != null && payment.fulfilment() == FulfilmentState.SUCCEEDED
                    ? Optional.of(UNKNOWN_TO_MODULE)
                    : Optional.empty();
        } else if (!grant.stillGranted()) {
            return Optional.empty();
        } else if (payment == null || !payment.state().wasPaid()) {
            return Optional.of(HANDED_OUT_UNPAID);
        }
        return payment.state() == PaymentState.REFUNDED && !payment.unwinding()
                ? Optional.of(REFUNDED_BUT_GRANTED)
                : Optional.empty();
    }
}
