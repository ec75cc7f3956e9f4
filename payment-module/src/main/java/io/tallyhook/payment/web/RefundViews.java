package io.tallyhook.payment.web;

import io.tallyhook.payment.Payment;
import io.tallyhook.payment.Refusal;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads refunds for the merchant API. */
@Repository
class RefundViews {

    private final JdbcClient jdbc;

    RefundViews(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param amount in minor units of the payment's currency */
    record RefundView(String refundNo, String outTradeNo, String state, long amount, String reason) {}

    List<RefundView> of(Payment payment) {
        return jdbc.sql("""
                        SELECT refund_no, out_trade_no, state, amount, reason FROM payment.refund
                        WHERE out_trade_no = :outTradeNo ORDER BY created_at, refund_no
                        """)
                .param("outTradeNo", payment.outTradeNo())
                .query((row, number) -> new RefundView(
                        row.getString("refund_no"),
                        row.getString("out_trade_no"),
                        row.getString("state"),
                        row.getLong("amount"),
                        row.getString("reason")))
                .list();
    }

    RefundView get(Payment payment, String refundNo) {
        return of(payment).stream()
                .filter(refund -> refund.refundNo().equals(refundNo))
                .findFirst()
                .orElseThrow(() -> Refusal.notFound("refund", refundNo));
    }
}
