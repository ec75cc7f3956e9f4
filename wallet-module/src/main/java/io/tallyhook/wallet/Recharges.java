package io.tallyhook.wallet;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.Recharge.MeantFor;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
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
