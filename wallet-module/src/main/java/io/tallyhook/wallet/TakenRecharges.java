package io.tallyhook.wallet;

import io.tallyhook.payment.Entitlement.TakeBack;
import io.tallyhook.payment.Money;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What each refund has taken of a recharge, so that it takes it once. To be asked with the recharge locked. */
@Repository
class TakenRecharges {

    private final JdbcClient jdbc;
    private final Clock clock;

    TakenRecharges(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** When a refund was heard of. */
    enum Way {
        /** Before the money was sent. */
        ASKED,
        /** When it was gone. */
        TOLD
    }

    /**
     * A refund that was heard of.
     *
     * @param shortfall what was spent already
     * @param stands whether it was not given back
     */
    record Known(Money shortfall, boolean stands) {}

    Optional<Known> find(TakeBack refund, Way way) {
        return jdbc.sql("""
                        SELECT shortfall, given_back_at IS NULL AS stands FROM wallet.recharge_refund
                        WHERE out_trade_no = :outTradeNo AND refund_no = :refundNo AND way = :way
                        """)
                .param("outTradeNo", refund.outTradeNo())
                .param("refundNo", refund.refundNo())
                .param("way", way.name())
                .query((row, number) -> new Known(Money.fen(row.getLong("shortfall")), row.getBoolean("stands")))
                .optional();
    }

    void keep(TakeBack refund, Way way, Money shortfall) {
        jdbc.sql("""
                        INSERT INTO wallet.recharge_refund
                          (out_trade_no, refund_no, way, recharge_no, amount, shortfall, taken_at)
                        VALUES (:outTradeNo, :refundNo, :way, :rechargeNo, :amount, :shortfall, :now)
                        """)
                .param("outTradeNo", refund.outTradeNo())
                .param("refundNo", refund.refundNo())
                .param("way", way.name())
                .param("rechargeNo", refund.reference())
                .param("amount", refund.amount().minorUnits())
                .param("shortfall", shortfall.minorUnits())
                .param("now", Timestamp.from(clock.instant()))
                .update();
    }

    void giveBack(TakeBack refund) {
        jdbc.sql("""
                        UPDATE wallet.recharge_refund SET given_back_at = :now
                        WHERE out_trade_no = :outTradeNo AND refund_no = :refundNo AND way = 'ASKED'
                        """)
                .param("now", Timestamp.from(clock.instant()))
                .param("outTradeNo", refund.outTradeNo())
                .param("refundNo", refund.refundNo())
                .update();
    }

    /** Whether all of the payment is gone or going, by all that was heard of until now. */
    boolean allGone(TakeBack refund) {
        return jdbc.sql("""
                        SELECT coalesce(sum(amount), 0) >= :paid FROM wallet.recharge_refund
                        WHERE out_trade_no = :outTradeNo AND given_back_at IS NULL
                        """)
                .param("paid", refund.paid().minorUnits())
                .param("outTradeNo", refund.outTradeNo())
                .query(Boolean.class)
                .single();
    }
}
