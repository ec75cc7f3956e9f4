package io.tallyhook.wallet;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import io.tallyhook.payment.WalletCredit.StrandedMoney;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Writes down a new recharge. The same request makes the same one, so that a repeat finds what the first try made. */
@Component
class MakeRecharge {

    private final JdbcClient jdbc;
    private final Recharges recharges;
    private final Clock clock;

    MakeRecharge(JdbcClient jdbc, Recharges recharges, Clock clock) {
        this.jdbc = jdbc;
        this.recharges = recharges;
        this.clock = clock;
    }

    Recharge of(RequestId id, UserId userId, Money amount) {
        return made(id).orElseGet(() -> insert(id, userId, amount, Money.fen(0), Optional.empty(), Optional.empty()));
    }

    /** @param terms are asked for only if the recharge is not made yet */
    Recharge fromPackage(RequestId id, UserId userId, String packageCode, Supplier<RechargePackage> terms) {
        return made(id).orElseGet(() -> {
            var agreed = terms.get();
            return insert(
                    id,
                    userId,
                    agreed.amount(),
                    agreed.bonus(),
                    agreed.bonusExpiresAfterDays(),
                    Optional.of(packageCode));
        });
    }

    /** One that nobody has ordered, of money that was meant for something else; credited, for who books it next. */
    Recharge credited(RequestId id, StrandedMoney money) {
        jdbc.sql("""
                        INSERT INTO wallet.recharge
                          (recharge_no, user_id, shard, amount, bonus, currency, created_at, state, paid_by, credited_at,
                           meant_for_purpose, meant_for_reference, decided_by, decided_because)
                        VALUES (:rechargeNo, :userId, :shard, :amount, 0, :currency, :now, 'CREDITED', :outTradeNo, :now,
                           :purpose, :reference, :decidedBy, :because)
                        """)
                .param("rechargeNo", number(id))
                .param("userId", money.userId().value())
                .param("shard", money.userId().shard())
                .param("amount", money.received().minorUnits())
                .param("currency", money.received().currency().getCurrencyCode())
                .param("now", Timestamp.from(clock.instant()))
                .param("outTradeNo", money.outTradeNo())
                .param("purpose", money.purpose())
                .param("reference", money.reference())
                .param("decidedBy", money.actor())
                .param("because", money.reason())
                .update();
        return made(id).orElseThrow();
    }

    private Optional<Recharge> made(RequestId id) {
        return recharges.find(number(id));
    }

    private Recharge insert(
            RequestId id,
            UserId userId,
            Money amount,
            Money bonus,
            Optional<Integer> bonusExpiresAfterDays,
            Optional<String> packageCode) {
        jdbc.sql("""
                        INSERT INTO wallet.recharge
                          (recharge_no, user_id, shard, amount, bonus, bonus_expires_after_days, package_code, currency,
                           created_at)
                        VALUES (:rechargeNo, :userId, :shard, :amount, :bonus, :bonusExpiresAfterDays, :packageCode,
                           :currency, :createdAt)
                        ON CONFLICT (recharge_no) DO NOTHING
                        """)
                .param("rechargeNo", number(id))
                .param("userId", userId.value())
                .param("shard", userId.shard())
                .param("amount", amount.minorUnits())
                .param("bonus", bonus.minorUnits())
                .param("bonusExpiresAfterDays", bonusExpiresAfterDays.orElse(null))
                .param("packageCode", packageCode.orElse(null))
                .param("currency", amount.currency().getCurrencyCode())
                .param("createdAt", Timestamp.from(clock.instant()))
                .update();
        return made(id).orElseThrow();
    }

    private static String number(RequestId id) {
        return id.number('R');
    }
}
