package io.tallyhook.wallet.ledger;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.UserId;
import java.time.Instant;
import java.util.Optional;

/**
 * One recharge to be credited.
 *
 * @param outTradeNo the payment: the key under which it is credited once
 * @param reference what people know it by: the number of the recharge
 * @param principal what was paid
 * @param bonus what is given on top; may be zero
 * @param bonusExpiresAfterDays after how many days of 24 hours the bonus expires; absent: never
 * @param provider who collected the money
 * @param account our account there
 * @param paidAt by the provider's clock
 */
public record Credit(
        String outTradeNo,
        String reference,
        UserId userId,
        Money principal,
        Money bonus,
        Optional<Integer> bonusExpiresAfterDays,
        String provider,
        String account,
        Instant paidAt) {

    public Credit {
        if (!principal.isPositive() || bonus.minorUnits() < 0) {
            throw new IllegalArgumentException(
                    "Payment %s cannot credit %s and bonus %s".formatted(outTradeNo, principal, bonus));
        }
        if (!principal.currency().equals(Money.CNY) || !bonus.currency().equals(Money.CNY)) {
            throw new IllegalArgumentException("The ledger has no books in " + principal.currency());
        }
    }

    /** What a confirmed payment credits by the terms of its recharge. */
    public static Credit of(ConfirmedPayment payment, Money bonus, Optional<Integer> bonusExpiresAfterDays) {
        return new Credit(
                payment.outTradeNo(),
                payment.reference(),
                payment.user(),
                payment.money(),
                bonus,
                bonusExpiresAfterDays,
                payment.provider(),
                payment.account(),
                payment.paidAt());
    }

    /** Tells whether a repeated key asks for the same thing. */
    byte[] sha256() {
        return RequestHash.of(
                outTradeNo,
                reference,
                userId.value(),
                principal,
                bonus,
                bonusExpiresAfterDays.map(String::valueOf).orElse("never"),
                provider,
                account);
    }
}
