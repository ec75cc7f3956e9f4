package io.tallyhook.payment.refund;

import io.tallyhook.payment.Entitlement.TakeBack;
import io.tallyhook.payment.InstantMethod;
import io.tallyhook.payment.booking.Booking;
import io.tallyhook.payment.booking.ConfirmPayments;
import io.tallyhook.payment.booking.KnownPayment;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.provider.Claim;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Fact.RefundResult;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * Gives back money that lies with us, in the transaction that books the intent: nobody outside has to be asked, so the refund
 * succeeds with it. It is booked as a fact, like any other, so that only one place moves a payment.
 */
@Component
class RefundAtOnce {

    /** Nobody outside says anything, so there is nobody to compare. */
    private static final Claim NOBODY = new Claim(Map.of());

    private final ConfirmPayments confirmPayments;
    private final UnwindRefund unwind;
    private final RefundIntents intents;
    private final Clock clock;

    RefundAtOnce(ConfirmPayments confirmPayments, UnwindRefund unwind, RefundIntents intents, Clock clock) {
        this.confirmPayments = confirmPayments;
        this.unwind = unwind;
        this.intents = intents;
        this.clock = clock;
    }

    /** The method's rows are locked after all of the module's, as everywhere. */
    void giveBack(InstantMethod method, KnownPayment payment, TakeBack refund) {
        var fact = new Fact.Refunded(
                payment.outTradeNo(),
                NOBODY,
                RefundResult.SUCCEEDED,
                null,
                refund.refundNo(),
                null,
                refund.amount(),
                null,
                null,
                clock.instant().truncatedTo(ChronoUnit.MICROS));
        var booking = new Booking(payment.provider(), payment.account(), NOBODY, fact);
        var outcome = confirmPayments
                .book(List.of(booking), decisions -> {})
                .getFirst()
                .outcome();
        if (outcome != Outcome.REFUND_CONFIRMED) {
            throw new IllegalStateException("Refund %s is %s".formatted(refund.refundNo(), outcome));
        }
        unwind.unwind(payment.outTradeNo(), refund.refundNo());
        intents.keepProviderNumber(refund, method.giveBack(refund));
    }
}
