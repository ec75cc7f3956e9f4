package io.tallyhook.wallet.web;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.RechargePackage;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /recharges}: an amount or a package, never both. The bonus is the package's, never the caller's.
 *
 * @param amount in minor units
 */
record NewRecharge(
        @NotNull @Pattern(regexp = UserId.PATTERN) @Nullable String userId,
        @Min(1) @Max(Money.MAX_MINOR_UNITS) @Nullable Long amount,

        @Pattern(regexp = RechargePackage.CODE_PATTERN) @Nullable
        String packageCode,

        @Pattern(regexp = "CNY", message = "must be CNY") @Nullable
        String currency) {

    /** @throws Refusal (400) unless exactly one of amount and packageCode is given */
    void requireOneOfTwo() {
        if (amount == null && packageCode == null) {
            throw Refusal.badField("amount", "or packageCode must be given");
        }
        if (amount != null && packageCode != null) {
            throw Refusal.badField("amount", "must be left out when packageCode is given: the package has its own");
        }
    }
}
