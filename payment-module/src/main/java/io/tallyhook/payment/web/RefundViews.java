package io.tallyhook.payment.web;

import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Refund;
import io.tallyhook.payment.Refusal;
import java.util.List;
import org.springframework.stereotype.Component;

/** Refunds as the merchant API shows them. */
@Component
class RefundViews {

    private final Payments payments;

    RefundViews(Payments payments) {
        this.payments = payments;
    }

    /** @param amount in minor units of the payment's currency */
    record RefundView(String refundNo, String outTradeNo, String state, long amount, String reason) {

        static RefundView of(Refund refund) {
            return new RefundView(
                    refund.refundNo(),
                    refund.outTradeNo(),
                    refund.state(),
                    refund.amount().minorUnits(),
                    refund.reason());
        }
    }

    List<RefundView> of(String outTradeNo) {
        return payments.refunds(outTradeNo).stream().map(RefundView::of).toList();
    }

    RefundView get(String outTradeNo, String refundNo) {
        return of(outTradeNo).stream()
                .filter(refund -> refund.refundNo().equals(refundNo))
                .findFirst()
                .orElseThrow(() -> Refusal.notFound("refund", refundNo));
    }
}
