package io.tallyhook.membership.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tallyhook.membership.Purchase;
import io.tallyhook.membership.PurchaseState;
import io.tallyhook.payment.Payment;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A purchase as the merchant API shows it.
 *
 * @param amount in minor units of the currency
 * @param payments the numbers of all attempts to pay it, oldest first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PurchaseView(
        String purchaseNo,
        String userId,
        String planCode,
        String planName,
        int days,
        PurchaseState state,
        long amount,
        String currency,
        List<String> payments,
        Instant createdAt,
        @Nullable Instant paidAt) {

    static PurchaseView of(Purchase purchase, List<Payment> payments) {
        return new PurchaseView(
                purchase.purchaseNo(),
                purchase.userId().value(),
                purchase.planCode(),
                purchase.planName(),
                purchase.days(),
                purchase.state(),
                purchase.amount().minorUnits(),
                purchase.amount().currency().getCurrencyCode(),
                payments.stream().map(Payment::outTradeNo).toList(),
                purchase.createdAt(),
                purchase.paidAt());
    }
}
