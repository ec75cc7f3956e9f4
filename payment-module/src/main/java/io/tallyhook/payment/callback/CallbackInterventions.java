package io.tallyhook.payment.callback;

import io.tallyhook.payment.InterventionResult;
import io.tallyhook.payment.Interventions;
import io.tallyhook.payment.callback.CallbackDetail.Intervention;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What people did with callbacks; never changed, never deleted. */
@Repository
class CallbackInterventions {

    private final JdbcClient jdbc;
    private final Interventions interventions;

    CallbackInterventions(JdbcClient jdbc, Interventions interventions) {
        this.jdbc = jdbc;
        this.interventions = interventions;
    }

    void record(String actor, String action, CallbackLine callback, InterventionResult result) {
        interventions.record(actor, action, callback.outTradeNo(), callback.callbackId(), result);
    }

    List<Intervention> with(UUID callbackId) {
        return read("callback_id", callbackId);
    }

    List<Intervention> with(String outTradeNo) {
        return read("out_trade_no", outTradeNo);
    }

    private List<Intervention> read(String column, Object value) {
        return jdbc.sql("""
                        SELECT at, actor, action, result, result_code, result_values FROM payment.intervention
                        WHERE %s = :value ORDER BY id DESC LIMIT 100
                        """.formatted(column))
                .param("value", value)
                .query(CallbackInterventions::read)
                .list();
    }

    private static Intervention read(ResultSet row, int number) throws SQLException {
        var code = row.getString("result_code");
        return new Intervention(
                row.getTimestamp("at").toInstant(),
                row.getString("actor"),
                row.getString("action"),
                row.getString("result"),
                code == null
                        ? null
                        : InterventionResult.read(code, (String[])
                                        row.getArray("result_values").getArray())
                                .orElse(null));
    }
}
