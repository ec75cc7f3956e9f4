package io.tallyhook.payment.refund;

import io.tallyhook.payment.Entitlement.Line;
import io.tallyhook.payment.Entitlement.Preview;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.booking.KnownPayment;
import io.tallyhook.payment.booking.PaymentsUnderDecision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Says what a refund would take back, before anybody asks for it. */
@Component
public class PreviewRefund {

    private final PaymentsUnderDecision payments;
    private final RefundParties parties;
    private final RefundSettings settings;

    PreviewRefund(PaymentsUnderDecision payments, RefundParties parties, RefundSettings settings) {
        this.payments = payments;
        this.parties = parties;
        this.settings = settings;
    }

    /**
     * @param amount in minor units
     * @throws Refusal 404, or 409 if that much cannot be given back
     */
    public Preview preview(String outTradeNo, long amount, String actor) {
        var payment = Optional.ofNullable(payments.look(List.of(outTradeNo)).get(outTradeNo))
                .orElseThrow(() -> Refusal.notFound("payment", outTradeNo));
        BookIntent.requireRefundable(payment, amount);
        var preview = takenBack(payment, amount, actor);
        long goneBefore = payment.received().minus(payment.refundable()).minorUnits();
        return preview.possible() && settings.needSecondPerson(goneBefore, amount)
                ? waiting(preview, payment)
                : preview;
    }

    /** What is taken back is taken back at once; only the money waits. */
    private Preview waiting(Preview preview, KnownPayment payment) {
        var limit = new Money(settings.secondPersonAbove(), payment.amount().currency());
        var lines = new ArrayList<>(preview.lines());
        lines.add(Line.of("refund.preview.second-person", limit));
        return new Preview(true, List.copyOf(lines));
    }

    private Preview takenBack(KnownPayment payment, long amount, String actor) {
        if (payment.fulfilment() != FulfilmentState.SUCCEEDED) {
            return new Preview(true, List.of(Line.of("refund.preview.not-handed-out")));
        }
        var refund = AskedBack.of(payment, "preview", AskedBack.goneBefore(payment), amount, actor, "preview");
        return parties.entitlement(payment).preview(refund);
    }
}
