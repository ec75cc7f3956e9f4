package io.tallyhook.wallet.ledger;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.UserId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Tells what is left of a recharge for its payer, as {@link RechargeRefunds} would take it. */
@Component
public class RechargeQuotes {

    private final JdbcClient jdbc;

    RechargeQuotes(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A recharge as a refund finds it.
     *
     * @param left of the principal, and not given back already: the largest refund that is possible
     * @param spent of the principal, or set aside
     * @param bonusLeft of the bonus
     * @param forgone what of that goes with the amount asked about, or with all that is left if that is less
     */
    public record Quote(Money left, Money spent, Money bonusLeft, Money forgone) {}

    /**
     * Exact while the wallet is locked.
     *
     * @param outTradeNo the payment that was credited
     * @param amount of a refund
     */
    public Quote of(UserId userId, String outTradeNo, Money amount) {
        return jdbc.sql("""
                        SELECT l.bonus_left, least(l.principal_left, c.collected) AS refundable,
                               greatest(c.collected - l.principal_left, 0) AS spent,
                               wallet.bonus_forgone(l.principal_left, l.bonus_left, least(:amount, l.principal_left)) AS forgone
                        FROM wallet.owner o
                        JOIN wallet.wallet_lot l ON l.shard = o.shard AND l.owner_id = o.owner_id
                        CROSS JOIN LATERAL (SELECT l.principal - wallet.gone_back(l.shard, l.lot_id) AS collected) c
                        WHERE o.shard = :shard AND o.user_id = :userId AND l.request_key = :outTradeNo AND l.channel <> ''
                        """)
                .param("amount", amount.minorUnits())
                .param("shard", userId.shard())
                .param("userId", userId.value())
                .param("outTradeNo", outTradeNo)
                .query((row, number) -> new Quote(
                        Money.fen(row.getLong("refundable")),
                        Money.fen(row.getLong("spent")),
                        Money.fen(row.getLong("bonus_left")),
                        Money.fen(row.getLong("forgone"))))
                .single();
    }
}
