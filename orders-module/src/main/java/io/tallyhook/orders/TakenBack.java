package io.tallyhook.orders;

import io.tallyhook.payment.Entitlement.TakeBack;
import java.sql.Timestamp;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Which refunds were heard of, so that each has its effect once. To be asked with the order locked. */
@Repository
class TakenBack {

    private final JdbcClient jdbc;

    TakenBack(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** When a refund was heard of. */
    enum Way {
        /** Before the money was sent. */
        ASKED,
        /** When it was gone. */
        TOLD
    }

    /** @return whether this is new; what stands as asked for is not taken again when we are told that it is gone */
    boolean take(TakeBack refund, Way way, Instant now) {
        return jdbc.sql("""
                        INSERT INTO orders.refund (out_trade_no, refund_no, way, order_no, amount, taken_at)
                        SELECT :outTradeNo, :refundNo, :way, :orderNo, :amount, :now
                        WHERE NOT EXISTS (
                          SELECT FROM orders.refund
                          WHERE out_trade_no = :outTradeNo AND refund_no = :refundNo
                            AND (way = :way OR given_back_at IS NULL))
                        """)
                        .param("outTradeNo", refund.outTradeNo())
                        .param("refundNo", refund.refundNo())
                        .param("way", way.name())
                        .param("orderNo", refund.reference())
                        .param("amount", refund.amount().minorUnits())
                        .param("now", Timestamp.from(now))
                        .update()
                == 1;
    }

    /** @return whether it was taken and is given back now */
    boolean giveBack(TakeBack refund, Instant now) {
        return jdbc.sql("""
                        UPDATE orders.refund SET given_back_at = :now
                        WHERE out_trade_no = :outTradeNo AND refund_no = :refundNo AND way = 'ASKED'
                          AND given_back_at IS NULL
                        """)
                        .param("now", Timestamp.from(now))
                        .param("outTradeNo", refund.outTradeNo())
                        .param("refundNo", refund.refundNo())
                        .update()
                == 1;
    }

    /** How much of a payment is gone or going, in minor units, by all that was heard of until now. */
    long gone(String outTradeNo) {
        return jdbc.sql("""
                        SELECT coalesce(sum(amount), 0) FROM orders.refund
                        WHERE out_trade_no = :outTradeNo AND given_back_at IS NULL
                        """).param("outTradeNo", outTradeNo).query(Long.class).single();
    }
}
