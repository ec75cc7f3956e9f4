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
        Optional<Instant> creditedAt) {}
