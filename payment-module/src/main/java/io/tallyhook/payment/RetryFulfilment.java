package io.tallyhook.payment;

import io.tallyhook.payment.fulfilment.HandOutAgain;
import io.tallyhook.payment.fulfilment.Sweep;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** A person hands a payment to its module again. */
@Component
class RetryFulfilment {

    private final HandOutAgain again;
    private final Sweep sweep;

    RetryFulfilment(HandOutAgain again, Sweep sweep) {
        this.again = again;
        this.sweep = sweep;
    }

    void retry(Payment payment, String actor) {
        if (again.now(List.of(payment.outTradeNo()), actor, Optional.empty()) == 0) {
            throw refusal(payment);
        }
        sweep.handOut(payment.outTradeNo());
    }

    private static Refusal refusal(Payment payment) {
        if (payment.fulfilment() == FulfilmentState.PARKED) {
            return Refusal.conflict(
                    "decision-needed",
                    "Payment %s is parked because of %s: that needs a decision, a retry would not change it."
                            .formatted(payment.outTradeNo(), payment.fulfilmentReason()));
        }
        return Refusal.conflict(
                "nothing-due",
                "Nothing is due for payment %s: it is %s, its fulfilment %s."
                        .formatted(payment.outTradeNo(), payment.state(), payment.fulfilment()));
    }
}
