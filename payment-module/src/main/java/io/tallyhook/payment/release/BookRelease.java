package io.tallyhook.payment.release;

import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.booking.Booking;
import io.tallyhook.payment.booking.ConfirmPayments;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.policy.CreditToWallet;
import io.tallyhook.payment.policy.ReleasedRefunds;
import io.tallyhook.payment.release.Release.Action;
import java.util.List;
import java.util.Objects;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Books what was released, in one transaction with the word that releases it: the payment is paid with what was received, and
 * that becomes balance, or is written down to go back, if it shall. The refund itself is asked for after the commit, by whoever lives then.
 */
@Component
class BookRelease {

    private final ConfirmPayments confirmPayments;
    private final ReleasedRefunds refunds;
    private final CreditToWallet wallet;

    BookRelease(ConfirmPayments confirmPayments, ReleasedRefunds refunds, CreditToWallet wallet) {
        this.confirmPayments = confirmPayments;
        this.refunds = refunds;
        this.wallet = wallet;
    }

    /**
     * In the running {@code READ COMMITTED} transaction, in which the payment is locked and the release is written.
     *
     * @param accepted decided to fit under this lock
     * @param purpose of the payment
     * @param reason why, for people
     * @param actor in whose name the money goes where it shall go
     * @throws Refusal if the wallet does not take it
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void book(Booking accepted, String purpose, Action action, String reason, String actor) {
        var outcome = confirmPayments
                .book(List.of(accepted), decisions -> {})
                .getFirst()
                .outcome();
        if (outcome != Outcome.CONFIRMED && outcome != Outcome.LATE) {
            throw new IllegalStateException("Payment %s was released but is %s"
                    .formatted(accepted.fact().outTradeNo(), outcome));
        }
        var outTradeNo = accepted.fact().outTradeNo();
        switch (action) {
            case REFUND -> refunds.promise(outTradeNo, purpose, received(accepted), actor);
            case CREDIT_TO_WALLET -> credit(outTradeNo, reason, actor);
            case REOPEN -> {}
        }
    }

    /** All of it or nothing: what the wallet refuses is not booked either. */
    private void credit(String outTradeNo, String reason, String actor) {
        if (wallet.creditReleased(outTradeNo, actor, reason) instanceof CreditToWallet.Outcome.Refused(var refusal)) {
            throw refusal;
        }
    }

    private static long received(Booking accepted) {
        return Objects.requireNonNull(accepted.accepted()).received().minorUnits();
    }
}
