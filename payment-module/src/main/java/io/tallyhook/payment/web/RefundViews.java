package io.tallyhook.payment.web;

import io.tallyhook.payment.Refund;
import io.tallyhook.payment.RefundRequest;
import io.tallyhook.payment.Refunds;
import java.util.List;
import org.springframework.stereotype.Component;

/** Refunds as the merchant API shows them. */
@Component
class RefundViews {

    private final Refunds refunds;

    RefundViews(Refunds refunds) {
        this.refunds = refunds;
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
        return refunds.of(outTradeNo).stream().map(RefundView::of).toList();
    }

    RefundView get(String outTradeNo, String refundNo) {
        return RefundView.of(refunds.get(outTradeNo, refundNo));
    }

    RefundView request(RefundRequest asked) {
        return RefundView.of(refunds.request(asked));
    }
}
