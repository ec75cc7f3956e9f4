package io.tallyhook.membership;

import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentRequest;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.RequestId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Opens payments of purchases. The amount is the purchase's own; the caller only says how to pay. */
@Component
class PayForPurchase {

    private final JdbcClient jdbc;
    private final Payments payments;

    PayForPurchase(JdbcClient jdbc, Payments payments) {
        this.jdbc = jdbc;
        this.payments = payments;
    }

    Payment open(RequestId id, Purchase purchase, PaymentRequest.Channel channel) {
        var request = new PaymentRequest(
                Memberships.VIP,
                purchase.purchaseNo(),
                purchase.userId(),
                purchase.amount(),
                purchase.planName(),
                channel);
        return payments.open(id, request, () -> requirePayable(purchase.purchaseNo()));
    }

    /** Holds the purchase until the payment's intent is booked, so that nobody cancels it in between. */
    private void requirePayable(String purchaseNo) {
        var state = jdbc.sql("SELECT state FROM membership.purchase WHERE purchase_no = :purchaseNo FOR SHARE")
                .param("purchaseNo", purchaseNo)
                .query(PurchaseState.class)
                .single();
        if (state != PurchaseState.AWAITING_PAYMENT) {
            throw Refusal.conflict(
                            "purchase-not-payable",
                            "Membership purchase %s is %s and cannot be paid.".formatted(purchaseNo, state))
                    .with("state", state);
        }
    }
}
