package io.tallyhook.payment.callback;

import io.tallyhook.payment.callback.CallbackDetail.Intervention;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What people did with callbacks; never changed, never deleted. */
@Repository
class CallbackInterventions {

    private final JdbcClient jdbc;

    CallbackInterventions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void record(String actor, String action, CallbackLine callback, String result) {
        jdbc.sql("""
                        INSERT INTO payment.intervention (at, actor, action, out_trade_no, callback_id, result)
                        VALUES (now(), :actor, :action, :outTradeNo, :callbackId, :result)
                        """)
                .param("actor", actor)
                .param("action", action)
                .param("outTradeNo", callback.outTradeNo())
                .param("callbackId", callback.callbackId())
                .param("result", result)
                .update();
    }

    List<Intervention> with(UUID callbackId) {
        return read("callback_id", callbackId);
    }

    List<Intervention> with(String outTradeNo) {
        return read("out_trade_no", outTradeNo);
    }

    private List<Intervention> read(String column, Object value) {
        return jdbc.sql("""
                        SELECT at, actor, action, result FROM payment.intervention
                        WHERE %s = :value ORDER BY id DESC LIMIT 100
                        """.formatted(column))
                .param("value", value)
                .query((row, number) -> new Intervention(
                        row.getTimestamp("at").toInstant(),
                        row.getString("actor"),
                        row.getString("action"),
                        row.getString("result")))
                .list();
    }
}
