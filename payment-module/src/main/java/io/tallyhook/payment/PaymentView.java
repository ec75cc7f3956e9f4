package io.tallyhook.payment;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A payment as the merchant API shows it.
 *
 * @param amount what was asked for, in minor units of the currency
 * @param receivedAmount what was paid, in minor units; absent until it is paid. Another than the amount where people have
 *     released a delivery of another
 * @param refundedAmount in minor units of the currency
 * @param creditedToWallet true if the money became balance of the payer's wallet instead of paying for something
 * @param creditedAs what it became there, in the wallet's own numbering
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PaymentView(
        String outTradeNo,
        String purpose,
        String reference,
        String userId,
        String provider,
        String account,
        String method,
        PaymentState state,
        FulfilmentState fulfilment,
        @Nullable ParkingReason fulfilmentReason,
        long amount,
        @Nullable Long receivedAmount,
        String currency,
        long refundedAmount,
        @Nullable String providerTransactionId,
        @Nullable Instant paidAt,
        @Nullable Instant expiresAt,
        @Nullable Boolean creditedToWallet,
        @Nullable String creditedAs,
        @Nullable Map<String, String> payParams) {

    public static PaymentView of(Payment payment) {
        return new PaymentView(
                payment.outTradeNo(),
                payment.purpose(),
                payment.reference(),
                payment.userId().value(),
                payment.provider(),
                payment.account(),
                payment.method(),
                payment.state(),
                payment.fulfilment(),
                payment.fulfilmentReason(),
                payment.amount().minorUnits(),
                payment.state().wasPaid() ? payment.received().minorUnits() : null,
                payment.amount().currency().getCurrencyCode(),
                payment.refundedAmount(),
                payment.providerTransactionId(),
                payment.paidAt(),
                payment.expiresAt(),
                payment.creditedAs() == null ? null : true,
                payment.creditedAs(),
                payment.payParams().isEmpty() ? null : payment.payParams());
    }
}
