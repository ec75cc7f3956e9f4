package io.tallyhook.benchmarks;

import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Asks the database whether each payment that was acknowledged is booked and handed out, and once only. */
record IntakeAudit(JdbcClient jdbc) {

    private static final int AT_ONCE = 20_000;

    private static final String UNLIKE_TOLD = """
            SELECT count(*) FILTER (WHERE (p.state, p.fulfilment, p.provider_transaction_id)
                                            IS DISTINCT FROM ('PAID', 'SUCCEEDED', t.transaction_id)
                                       OR (SELECT count(*) FROM payment.callback c
                                           WHERE c.out_trade_no = t.out_trade_no AND c.outcome = 'CONFIRMED') <> 1
                                       OR CASE p.purpose
                                            WHEN 'GOODS' THEN
                                              (SELECT count(*) FROM orders.goods_order o
                                               WHERE o.order_no = p.reference AND o.state = 'PAID'
                                                 AND o.paid_by = t.out_trade_no)
                                            ELSE
                                              (SELECT count(*) FROM wallet.recharge r
                                               JOIN wallet.request q ON q.request_key = r.paid_by AND q.kind = 'RECHARGE'
                                                AND q.shard = r.shard AND q.outcome = 'POSTED'
                                               JOIN wallet.journal j ON j.journal_id = q.journal_id
                                               WHERE r.recharge_no = p.reference AND r.state = 'CREDITED'
                                                 AND r.paid_by = t.out_trade_no)
                                          END <> 1)
            FROM unnest(:outTradeNos::text[], :transactionIds::text[]) AS t (out_trade_no, transaction_id)
            LEFT JOIN payment.payment p ON p.out_trade_no = t.out_trade_no
            """;

    /** Prints what it finds. */
    boolean passes(List<OpenPayment> acknowledged, PrintStream out) {
        var told = List.copyOf(Set.copyOf(acknowledged));
        long wrong = 0;
        for (int from = 0; from < told.size(); from += AT_ONCE) {
            wrong += unlikeTold(told.subList(from, Math.min(from + AT_ONCE, told.size())));
        }
        long twice = bookedTwice();
        out.printf(
                "%,d payments were acknowledged; %,d of them are not booked, logged and handed out exactly once; %,d effects too many.%n",
                told.size(), wrong, twice);
        return wrong == 0 && twice == 0;
    }

    private long unlikeTold(List<OpenPayment> some) {
        return jdbc.sql(UNLIKE_TOLD)
                .param("outTradeNos", some.stream().map(OpenPayment::outTradeNo).toArray(String[]::new))
                .param(
                        "transactionIds",
                        some.stream().map(OpenPayment::transactionId).toArray(String[]::new))
                .query(Long.class)
                .single();
    }

    /** Goods and journals beyond the payments that are fulfilled, also of those that nobody acknowledged. */
    private long bookedTwice() {
        return jdbc.sql("""
                        SELECT (SELECT count(*) FROM orders.goods_order
                                WHERE paid_by IS NOT NULL AND user_id LIKE 'buyer-%')
                             + (SELECT count(*) FROM wallet.journal j JOIN wallet.recharge r ON r.recharge_no = j.reference
                                WHERE j.kind = 'RECHARGE')
                             - (SELECT count(*) FROM payment.payment
                                WHERE fulfilment = 'SUCCEEDED' AND user_id LIKE 'buyer-%')
                        """).query(Long.class).single();
    }
}
