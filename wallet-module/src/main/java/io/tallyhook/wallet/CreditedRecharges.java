package io.tallyhook.wallet;

import io.tallyhook.payment.HandedOut;
import io.tallyhook.payment.Money;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Tells the inspection which recharges were credited for which payments. */
@Component
class CreditedRecharges implements HandedOut {

    private static final String GRANTS = """
            SELECT paid_by, recharge_no, user_id, amount, currency, credited_at, state <> 'REFUNDED' AS granted
            FROM wallet.recharge
            """;

    private final JdbcClient jdbc;

    CreditedRecharges(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public String purpose() {
        return WalletConfiguration.RECHARGE.code();
    }

    @Override
    public List<Grant> after(String outTradeNo, int limit) {
        return jdbc.sql(GRANTS + "WHERE paid_by > :after ORDER BY paid_by LIMIT :limit")
                .param("after", outTradeNo)
                .param("limit", limit)
                .query(CreditedRecharges::grant)
                .list();
    }

    @Override
    public List<Grant> of(Collection<String> outTradeNos) {
        return jdbc.sql(GRANTS + "WHERE paid_by = ANY (:numbers)")
                .param("numbers", outTradeNos.toArray(String[]::new))
                .query(CreditedRecharges::grant)
                .list();
    }

    private static Grant grant(ResultSet row, int number) throws SQLException {
        return new Grant(
                row.getString("paid_by"),
                row.getString("recharge_no"),
                row.getString("user_id"),
                Money.of(row.getLong("amount"), row.getString("currency")),
                row.getTimestamp("credited_at").toInstant(),
                row.getBoolean("granted"));
    }
}
