package io.tallyhook.payment.refund;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.booking.KnownPayment;
import io.tallyhook.payment.booking.PaymentsUnderDecision;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Tells the module of a payment's purpose how a refund has ended, once, and brings the fulfilment in line with it. */
@Component
class UnwindRefund {

    private final PaymentsUnderDecision payments;
    private final RefundsToUnwind refunds;
    private final RefundParties parties;

    UnwindRefund(PaymentsUnderDecision payments, RefundsToUnwind refunds, RefundParties parties) {
        this.payments = payments;
        this.refunds = refunds;
        this.parties = parties;
    }

    /** In the running {@code READ COMMITTED} transaction; does nothing if somebody else has done it. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void unwind(String outTradeNo, String refundNo) {
        var payment = Objects.requireNonNull(payments.lock(List.of(outTradeNo)).get(outTradeNo));
        refunds.lock(outTradeNo, refundNo).ifPresent(refund -> unwind(payment, refund));
    }

    private void unwind(KnownPayment payment, EndedRefund refund) {
        if (refund.startedAtProvider()
                && refunds.somethingComesBack(
                        payment.outTradeNo(), payment.refundable().minorUnits() < 0)) {
            refunds.waits(payment.outTradeNo(), refund.refundNo());
            return;
        }
        var shortAmount = tell(payment, refund);
        refunds.unwound(payment.outTradeNo(), refund.refundNo(), shortAmount);
        refunds.alignFulfilment(payment.outTradeNo());
    }

    /** @return how much could not be taken back, in minor units, where that was asked */
    private Optional<Long> tell(KnownPayment payment, EndedRefund refund) {
        if (refund.taken()) {
            var entitlement = parties.entitlement(payment);
            if (refund.succeeded()) {
                entitlement.settle(refund.of(payment), refund.at());
            } else {
                entitlement.giveBack(refund.of(payment), refund.at());
            }
            return Optional.empty();
        }
        boolean stillGranted = payment.fulfilment() == FulfilmentState.SUCCEEDED;
        if (refund.startedAtProvider() && refund.succeeded() && stillGranted) {
            return Optional.of(parties.entitlement(payment)
                    .takeWhatIsLeft(refund.of(payment), refund.at())
                    .minorUnits());
        }
        return Optional.empty();
    }
}
