package io.tallyhook.payment;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What a module has handed out as it usually stands in its table: one row for each thing, which names the payment that paid it.
 * A module declares a bean of it and says only which row that is.
 */
public final class HandedOutRows implements HandedOut {

    private final JdbcClient jdbc;
    private final Purpose purpose;
    private final String rows;

    /**
     * @param rows a {@code SELECT} of all rows, without a {@code WHERE}, with the columns {@code paid_by}, {@code reference}, {@code
     *     user_id}, {@code amount} in minor units, {@code currency}, {@code since} and {@code granted}. {@code paid_by} is the
     *     payment's number, a column of the table with an index, and absent where nothing was handed out
     */
    public HandedOutRows(JdbcClient jdbc, Purpose purpose, String rows) {
        this.jdbc = jdbc;
        this.purpose = purpose;
        this.rows = rows;
    }

    @Override
    public String purpose() {
        return purpose.code();
    }

    @Override
    public List<Grant> after(String outTradeNo, int limit) {
        return jdbc.sql(rows + " WHERE paid_by > :after ORDER BY paid_by LIMIT :limit")
                .param("after", outTradeNo)
                .param("limit", limit)
                .query(HandedOutRows::grant)
                .list();
    }

    @Override
    public List<Grant> of(Collection<String> outTradeNos) {
        return jdbc.sql(rows + " WHERE paid_by = ANY (:numbers)")
                .param("numbers", outTradeNos.toArray(String[]::new))
                .query(HandedOutRows::grant)
                .list();
    }

    private static Grant grant(ResultSet row, int number) throws SQLException {
        return new Grant(
                row.getString("paid_by"),
                row.getString("reference"),
                row.getString("user_id"),
                Money.of(row.getLong("amount"), row.getString("currency")),
                row.getTimestamp("since").toInstant(),
                row.getBoolean("granted"));
    }
}
