package io.tallyhook.payment.release;

import io.tallyhook.payment.booking.Booking;
import io.tallyhook.payment.booking.ConfirmPayments;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.policy.ReleasedRefunds;
import io.tallyhook.payment.release.Release.Action;
import java.util.List;
import java.util.Objects;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Books what was released, in one transaction with the word that releases it: the payment is paid with what was received, and
 * if that is to go back, so is written. The refund itself is asked for after the commit, by whoever lives then.
 */
@Component
class BookRelease {

    private final ConfirmPayments confirmPayments;
    private final ReleasedRefunds refunds;

    BookRelease(ConfirmPayments confirmPayments, ReleasedRefunds refunds) {
        this.confirmPayments = confirmPayments;
        this.refunds = refunds;
    }

    /**
     * In the running {@code READ COMMITTED} transaction, in which the payment is locked and the release is written.
     *
     * @param accepted decided to fit under this lock
     * @param purpose of the payment
     * @param actor in whose name the money is asked to go back, if it shall
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void book(Booking accepted, String purpose, Action action, String actor) {
        var outcome = confirmPayments
                .book(List.of(accepted), decisions -> {})
                .getFirst()
                .outcome();
        if (outcome != Outcome.CONFIRMED && outcome != Outcome.LATE) {
            throw new IllegalStateException("Payment %s was released but is %s"
                    .formatted(accepted.fact().outTradeNo(), outcome));
        }
        if (action == Action.REFUND) {
            long received =
                    Objects.requireNonNull(accepted.accepted()).received().minorUnits();
            refunds.promise(accepted.fact().outTradeNo(), purpose, received, actor);
        }
    }
}
