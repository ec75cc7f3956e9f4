package io.tallyhook.wallet;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.UserId;
import java.time.Instant;
import java.util.Optional;

/**
 * A recharge as it stands, with the terms it was made with.
 *
 * @param amount what is to be paid, and becomes principal
 * @param bonus what is given on top; zero without a package
 * @param bonusExpiresAfterDays after how many days of 24 hours the bonus expires; absent: never
 * @param packageCode the package it was made from
 * @param paidBy the one payment that was credited
 * @param meantFor what its money was to pay for, if nobody has ordered it: it is credited from the beginning then
 */
public record Recharge(
        String rechargeNo,
        UserId userId,
        RechargeState state,
        Money amount,
        Money bonus,
        Optional<Integer> bonusExpiresAfterDays,
        Optional<String> packageCode,
        Instant createdAt,
        Optional<String> paidBy,
        Optional<Instant> creditedAt,
        Optional<MeantFor> meantFor) {

    /**
     * Why there is a recharge that nobody has ordered: its money came for something else.
     *
     * @param purpose the code of a purpose
     * @param reference in its module's own numbering, such as the number of an order
     * @param decidedBy the policy or the person who has decided to credit it
     * @param because why, for people
     */
    public record MeantFor(String purpose, String reference, String decidedBy, String because) {}
}
