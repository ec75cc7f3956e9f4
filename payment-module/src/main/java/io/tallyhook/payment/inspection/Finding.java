package io.tallyhook.payment.inspection;

import io.tallyhook.payment.HandedOut.Grant;
import io.tallyhook.payment.Money;
import java.time.Instant;
import java.util.Objects;

/** One contradiction, with what a person needs to look into it. */
record Finding(
        String outTradeNo,
        Contradiction cause,
        String purpose,
        String reference,
        String userId,
        Money amount,
        Instant since) {

    static Finding of(Contradiction cause, String purpose, Grant grant) {
        return new Finding(
                grant.outTradeNo(), cause, purpose, grant.reference(), grant.userId(), grant.amount(), grant.since());
    }

    static Finding of(Contradiction cause, Standing payment) {
        return new Finding(
                payment.outTradeNo(),
                cause,
                payment.purpose(),
                payment.reference(),
                payment.userId(),
                payment.amount(),
                Objects.requireNonNull(payment.paidAt()));
    }
}
