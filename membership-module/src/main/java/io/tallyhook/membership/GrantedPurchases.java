package io.tallyhook.membership;

import io.tallyhook.payment.HandedOut;
import io.tallyhook.payment.Money;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Tells the inspection which memberships were granted for which payments. */
@Component
class GrantedPurchases implements HandedOut {

    private static final String GRANTS = """
            SELECT paid_by, purchase_no, user_id, amount, currency, paid_at, state <> 'REFUNDED' AS granted
            FROM membership.purchase
            """;

    private final JdbcClient jdbc;

    GrantedPurchases(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public String purpose() {
        return Memberships.VIP.code();
    }

    @Override
    public List<Grant> after(String outTradeNo, int limit) {
        return jdbc.sql(GRANTS + "WHERE paid_by > :after ORDER BY paid_by LIMIT :limit")
                .param("after", outTradeNo)
                .param("limit", limit)
                .query(GrantedPurchases::grant)
                .list();
    }

    @Override
    public List<Grant> of(Collection<String> outTradeNos) {
        return jdbc.sql(GRANTS + "WHERE paid_by = ANY (:numbers)")
                .param("numbers", outTradeNos.toArray(String[]::new))
                .query(GrantedPurchases::grant)
                .list();
    }

    private static Grant grant(ResultSet row, int number) throws SQLException {
        return new Grant(
                row.getString("paid_by"),
                row.getString("purchase_no"),
                row.getString("user_id"),
                Money.of(row.getLong("amount"), row.getString("currency")),
                row.getTimestamp("paid_at").toInstant(),
                row.getBoolean("granted"));
    }
}
