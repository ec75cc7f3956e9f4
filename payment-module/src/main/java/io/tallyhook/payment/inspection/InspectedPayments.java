package io.tallyhook.payment.inspection;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.WalletCredit;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;

/** Reads payments page by page, in the order of their numbers, which is that of their time. */
@Repository
class InspectedPayments {

    private static final String PAYMENTS = """
            SELECT p.out_trade_no,
                   CASE WHEN p.credited_as IS NULL THEN p.purpose ELSE coalesce(:wallet, p.purpose) END AS purpose,
                   coalesce(p.credited_as, p.reference) AS reference, p.user_id,
                   coalesce(p.received_amount, p.amount) AS amount, p.currency, p.state, p.fulfilment, p.paid_at,
                   p.state = 'REFUNDED'
                   AND EXISTS (SELECT FROM payment.refund r
                               WHERE r.out_trade_no = p.out_trade_no
                                 AND (r.unwind_due_at IS NOT NULL OR r.short_amount > 0
                                      OR r.state IN ('REQUESTED', 'PROCESSING'))) AS unwinding
            FROM payment.payment p
            """;

    private final JdbcClient jdbc;
    private final ObjectProvider<WalletCredit> wallets;

    InspectedPayments(JdbcClient jdbc, ObjectProvider<WalletCredit> wallets) {
        this.jdbc = jdbc;
        this.wallets = wallets;
    }

    List<Standing> after(String outTradeNo, int limit) {
        return payments("WHERE p.out_trade_no > :after ORDER BY p.out_trade_no LIMIT :limit")
                .param("after", outTradeNo)
                .param("limit", limit)
                .query(InspectedPayments::standing)
                .list();
    }

    Map<String, Standing> of(Collection<String> outTradeNos) {
        return payments("WHERE p.out_trade_no = ANY (:numbers)")
                .param("numbers", outTradeNos.toArray(String[]::new))
                .query(InspectedPayments::standing)
                .list()
                .stream()
                .collect(Collectors.toMap(Standing::outTradeNo, Function.identity()));
    }

    private StatementSpec payments(String where) {
        return jdbc.sql(PAYMENTS + where)
                .param(
                        "wallet",
                        wallets.stream().findFirst().map(WalletCredit::purpose).orElse(null));
    }

    /** The last one that was opened before this moment; empty if none was. */
    String lastBefore(Instant moment) {
        return jdbc.sql("""
                        SELECT out_trade_no FROM payment.payment WHERE created_at < :moment
                        ORDER BY created_at DESC, out_trade_no DESC LIMIT 1
                        """)
                .param("moment", Timestamp.from(moment))
                .query((row, number) -> row.getString(1))
                .optional()
                .orElse("");
    }

    private static Standing standing(ResultSet row, int number) throws SQLException {
        var paidAt = row.getTimestamp("paid_at");
        return new Standing(
                row.getString("out_trade_no"),
                row.getString("purpose"),
                row.getString("reference"),
                row.getString("user_id"),
                Money.of(row.getLong("amount"), row.getString("currency")),
                PaymentState.valueOf(row.getString("state")),
                FulfilmentState.valueOf(row.getString("fulfilment")),
                paidAt == null ? null : paidAt.toInstant(),
                row.getBoolean("unwinding"));
    }
}
