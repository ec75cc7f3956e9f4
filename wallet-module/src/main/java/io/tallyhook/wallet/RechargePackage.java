package io.tallyhook.wallet;

import io.tallyhook.payment.Money;
import java.util.Optional;

/**
 * What a user can buy: an amount, and a bonus on top.
 *
 * @param amount what is to be paid
 * @param bonus what is given on top; may be zero
 * @param bonusExpiresAfterDays after how many days of 24 hours the bonus expires; absent: never
 * @param active whether new recharges can be made from it
 */
public record RechargePackage(
        String packageCode, Money amount, Money bonus, Optional<Integer> bonusExpiresAfterDays, boolean active) {

    /** What a package code may look like. */
    public static final String CODE_PATTERN = "[0-9A-Za-z_.-]{1,64}";
}
