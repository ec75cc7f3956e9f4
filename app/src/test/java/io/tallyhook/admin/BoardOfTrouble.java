package io.tallyhook.admin;

import java.util.concurrent.atomic.AtomicLong;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Puts payments on the board that no callback of these tests could put there. */
final class BoardOfTrouble {

    private static final AtomicLong NUMBER = new AtomicLong();

    private final JdbcClient jdbc;

    BoardOfTrouble(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** An open payment that we have ordered at WeChat Pay, and a delivery of another amount. @return its number */
    String askable(String userId) {
        var outTradeNo = payment(userId, "PENDING");
        jdbc.sql("""
                        INSERT INTO payment.callback
                          (id, received_at, provider, account, outcome, out_trade_no, differences, reply_status, duration_us,
                           headers, body)
                        VALUES (gen_random_uuid(), now(), 'wechat', 'main', 'MISMATCH', :no,
                                '[{"check": "AMOUNT", "expected": "30.00", "actual": "29.00"}]', 400, 900, '[]', '{}')
                        """).param("no", outTradeNo).update();
        return outTradeNo;
    }

    /** The newest delivery about a payment. */
    String delivery(String outTradeNo) {
        return jdbc.sql(
                        "SELECT id::text FROM payment.callback WHERE out_trade_no = :no ORDER BY received_at DESC LIMIT 1")
                .param("no", outTradeNo)
                .query((row, number) -> row.getString(1))
                .single();
    }

    /** Paid long ago, and its module fails. */
    String failed(String userId) {
        var outTradeNo = payment(userId, "PENDING");
        jdbc.sql("""
                        UPDATE payment.payment
                        SET state = 'PAID', provider_transaction_id = 'T' || out_trade_no, paid_at = now() - interval '1 h',
                            fulfilment = 'FAILED', fulfilment_error = 'no stock', attempts = 3,
                            due_at = now() + interval '1 d', version = version + 1
                        WHERE out_trade_no = :no
                        """).param("no", outTradeNo).update();
        return outTradeNo;
    }

    /** Paid, and a refund of it waits for a person at the provider. @return the number of the payment */
    String stuckRefund(String userId) {
        var outTradeNo = failed(userId);
        jdbc.sql("""
                        UPDATE payment.payment
                        SET fulfilment = 'PARKED', fulfilment_reason = 'CANCELLED_BEFORE', held_fulfilment = 'PENDING',
                            due_at = NULL, version = version + 1
                        WHERE out_trade_no = :no
                        """).param("no", outTradeNo).update();
        jdbc.sql("""
                        INSERT INTO payment.refund
                          (out_trade_no, refund_no, state, amount, reason, created_at, requested_by, gone_before, attempts,
                           due_at, stuck_at, error)
                        VALUES (:no, 'F' || right(:no, 20), 'PROCESSING', 3000, 'Came back', now() - interval '2 h', 'mei', 0,
                                4, now() + interval '1 d', now(), 'ABNORMAL')
                        """).param("no", outTradeNo).update();
        return outTradeNo;
    }

    /** Whoever had taken a refund of it on before somebody proposed to give it up has come to an end. */
    void nobodySends(String outTradeNo) {
        jdbc.sql("UPDATE payment.refund SET give_up_at = now() - interval '5 minutes' WHERE out_trade_no = :no")
                .param("no", outTradeNo)
                .update();
    }

    private String payment(String userId, String state) {
        var outTradeNo = "PTROUBLE%06d%09d".formatted(ProcessHandle.current().pid(), NUMBER.incrementAndGet());
        jdbc.sql("""
                        INSERT INTO payment.payment
                          (out_trade_no, purpose, reference, user_id, shard, provider, account, method, description, amount,
                           currency, created_at, state)
                        VALUES (:no, 'GOODS', 'O' || :no, :user, 1, 'wechat', 'main', 'native', 'Tea', 3000, 'CNY',
                                now() - interval '2 h', :state)
                        """)
                .param("no", outTradeNo)
                .param("user", userId)
                .param("state", state)
                .update();
        return outTradeNo;
    }
}
