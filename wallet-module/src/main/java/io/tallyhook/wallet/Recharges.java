package io.tallyhook.wallet;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import io.tallyhook.payment.WalletCredit.StrandedMoney;
import io.tallyhook.wallet.Recharge.MeantFor;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The recharges. Their state changes only by conditional SQL. */
@Repository
class Recharges {

    private final JdbcClient jdbc;
    private final Clock clock;

    Recharges(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    Recharge make(RequestId id, UserId userId, Money amount) {
        return made(id).orElseGet(() -> insert(id, userId, amount, Money.fen(0), Optional.empty(), Optional.empty()));
    }

    /** @param terms are asked for only if the recharge is not made yet, so that a repeat finds what the first try made */
    Recharge make(RequestId id, UserId userId, String packageCode, Supplier<RechargePackage> terms) {
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
    Recharge makeCredited(RequestId id, StrandedMoney money) {
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

    /** The one that this payment was credited to. */
    Optional<Recharge> creditedBy(String outTradeNo) {
        return jdbc.sql("SELECT * FROM wallet.recharge WHERE paid_by = :outTradeNo")
                .param("outTradeNo", outTradeNo)
                .query(Recharges::recharge)
                .optional();
    }

    Optional<Recharge> find(String rechargeNo) {
        return jdbc.sql("SELECT * FROM wallet.recharge WHERE recharge_no = :rechargeNo")
                .param("rechargeNo", rechargeNo)
                .query(Recharges::recharge)
                .optional();
    }

    /** Newest first; the numbers sort by time. */
    Page<Recharge> of(UserId userId, Paging paging) {
        var rows = jdbc.sql("""
                        SELECT * FROM wallet.recharge
                        WHERE user_id = :userId AND (:cursor::text IS NULL OR recharge_no < :cursor)
                        ORDER BY recharge_no DESC
                        LIMIT :limit
                        """)
                .param("userId", userId.value())
                .param("cursor", paging.cursor())
                .param("limit", paging.limit() + 1)
                .query(Recharges::recharge)
                .list();
        return Page.of(rows, paging.limit(), Recharge::rechargeNo);
    }

    /** The recharge as it stands, kept from changing until the running transaction ends. */
    Recharge keep(String rechargeNo) {
        return jdbc.sql("SELECT * FROM wallet.recharge WHERE recharge_no = :rechargeNo FOR SHARE")
                .param("rechargeNo", rechargeNo)
                .query(Recharges::recharge)
                .single();
    }

    /** Locks recharges in the order of their numbers. */
    List<Recharge> lock(Collection<String> rechargeNos) {
        return jdbc.sql("""
                        SELECT * FROM wallet.recharge
                        WHERE recharge_no = ANY (:rechargeNos)
                        ORDER BY recharge_no
                        FOR NO KEY UPDATE
                        """)
                .param("rechargeNos", rechargeNos.toArray(String[]::new))
                .query(Recharges::recharge)
                .list();
    }

    /** Records which payments were credited to the recharges that they refer to, which are locked. */
    void credited(Collection<ConfirmedPayment> payments) {
        int changed = jdbc.sql("""
                        UPDATE wallet.recharge r
                        SET state = 'CREDITED', paid_by = p.out_trade_no, credited_at = :now, version = version + 1
                        FROM unnest(:rechargeNos::text[], :outTradeNos::text[]) AS p (recharge_no, out_trade_no)
                        WHERE r.recharge_no = p.recharge_no AND r.state = 'AWAITING_PAYMENT'
                        """)
                .param("now", Timestamp.from(clock.instant()))
                .param(
                        "rechargeNos",
                        payments.stream().map(ConfirmedPayment::reference).toArray(String[]::new))
                .param(
                        "outTradeNos",
                        payments.stream().map(ConfirmedPayment::outTradeNo).toArray(String[]::new))
                .update();
        if (changed != payments.size()) {
            throw new IllegalStateException(
                    "%d of %d recharges could be marked as credited".formatted(changed, payments.size()));
        }
    }

    /** All of its money is gone or going. It is locked, and credited or refunded already. */
    void refunded(String rechargeNo) {
        move(rechargeNo, RechargeState.CREDITED, RechargeState.REFUNDED);
    }

    /** If it was refunded, it is not any more. It is locked. */
    void creditedAgain(String rechargeNo) {
        move(rechargeNo, RechargeState.REFUNDED, RechargeState.CREDITED);
    }

    private void move(String rechargeNo, RechargeState from, RechargeState to) {
        jdbc.sql("""
                        UPDATE wallet.recharge SET state = :to, version = version + 1
                        WHERE recharge_no = :rechargeNo AND state = :from
                        """)
                .param("to", to.name())
                .param("rechargeNo", rechargeNo)
                .param("from", from.name())
                .update();
    }

    private Optional<Recharge> made(RequestId id) {
        return find(number(id));
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

    private static Recharge recharge(ResultSet row, int number) throws SQLException {
        var currency = row.getString("currency");
        return new Recharge(
                row.getString("recharge_no"),
                new UserId(row.getString("user_id")),
                RechargeState.valueOf(row.getString("state")),
                Money.of(row.getLong("amount"), currency),
                Money.of(row.getLong("bonus"), currency),
                Optional.ofNullable(row.getObject("bonus_expires_after_days", Integer.class)),
                Optional.ofNullable(row.getString("package_code")),
                row.getTimestamp("created_at").toInstant(),
                Optional.ofNullable(row.getString("paid_by")),
                Optional.ofNullable(row.getTimestamp("credited_at")).map(Timestamp::toInstant),
                Optional.ofNullable(meantFor(row)));
    }

    private static @Nullable MeantFor meantFor(ResultSet row) throws SQLException {
        var purpose = row.getString("meant_for_purpose");
        return purpose == null
                ? null
                : new MeantFor(
                        purpose,
                        row.getString("meant_for_reference"),
                        row.getString("decided_by"),
                        row.getString("decided_because"));
    }
}
