package io.tallyhook.payment;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What people did with payments and refunds; never changed, never deleted. It is shown on the payment's page. */
@Repository
public class Interventions {

    private final JdbcClient jdbc;

    Interventions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Records it, in the running transaction if there is one.
     *
     * @param action what was done, such as {@code RETRY_REFUND}
     * @param result what came of it, for people
     */
    public void record(String actor, String action, String outTradeNo, String result) {
        record(actor, action, outTradeNo, null, result);
    }

    /**
     * As above.
     *
     * @param callbackId the delivery that it is about, on whose page it is shown too
     */
    public void record(String actor, String action, String outTradeNo, @Nullable UUID callbackId, String result) {
        jdbc.sql("""
                        INSERT INTO payment.intervention (at, actor, action, out_trade_no, callback_id, result)
                        VALUES (now(), :actor, :action, :outTradeNo, :callbackId::uuid, :result)
                        """)
                .param("actor", actor)
                .param("action", action)
                .param("outTradeNo", outTradeNo)
                .param("callbackId", callbackId == null ? null : callbackId.toString())
                .param("result", result)
                .update();
    }
}
