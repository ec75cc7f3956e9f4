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
     * @param result what came of it
     */
    public void record(String actor, String action, String outTradeNo, InterventionResult result) {
        record(actor, action, outTradeNo, null, result);
    }

    /**
     * As above.
     *
     * @param outTradeNo absent where a delivery names no payment
     * @param callbackId the delivery that it is about, on whose page it is shown too
     */
    public void record(
            String actor,
            String action,
            @Nullable String outTradeNo,
            @Nullable UUID callbackId,
            InterventionResult result) {
        jdbc.sql("""
                        INSERT INTO payment.intervention (at, actor, action, out_trade_no, callback_id, result, result_code, result_values)
                        VALUES (now(), :actor, :action, :outTradeNo, :callbackId::uuid, :english, :code, :values)
                        """)
                .param("actor", actor)
                .param("action", action)
                .param("outTradeNo", outTradeNo)
                .param("callbackId", callbackId == null ? null : callbackId.toString())
                .param("english", result.english())
                .param("code", result.code().name())
                .param("values", result.values().toArray(String[]::new))
                .update();
    }
}
