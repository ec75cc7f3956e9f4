package io.tallyhook.wallet.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tallyhook.payment.Payment;
import io.tallyhook.wallet.Recharge;
import io.tallyhook.wallet.Recharge.MeantFor;
import io.tallyhook.wallet.RechargeState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A recharge as the merchant API shows it.
 *
 * @param amount in minor units of the currency
 * @param bonus in minor units of the currency
 * @param payments the numbers of all attempts to pay it, oldest first
 * @param paidBy the one that was credited
 * @param meantFor what its money was to pay for, if nobody has ordered it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RechargeView(
        String rechargeNo,
        String userId,
        RechargeState state,
        long amount,
        long bonus,
        String currency,
        @Nullable Integer bonusExpiresAfterDays,
        @Nullable String packageCode,
        List<String> payments,
        Instant createdAt,
        @Nullable String paidBy,
        @Nullable Instant creditedAt,
        @Nullable MeantFor meantFor) {

    static RechargeView of(Recharge recharge, List<Payment> payments) {
        return new RechargeView(
                recharge.rechargeNo(),
                recharge.userId().value(),
                recharge.state(),
                recharge.amount().minorUnits(),
                recharge.bonus().minorUnits(),
                recharge.amount().currency().getCurrencyCode(),
                recharge.bonusExpiresAfterDays().orElse(null),
                recharge.packageCode().orElse(null),
                payments.stream().map(Payment::outTradeNo).toList(),
                recharge.createdAt(),
                recharge.paidBy().orElse(null),
                recharge.creditedAt().orElse(null),
                recharge.meantFor().orElse(null));
    }
}
