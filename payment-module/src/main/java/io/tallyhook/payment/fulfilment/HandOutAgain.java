package io.tallyhook.payment.fulfilment;

import io.tallyhook.payment.InterventionResult.Code;
import java.util.Collection;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Makes payments due at once because a person wants it, with that person's name on each. */
@Component
public class HandOutAgain {

    /** What a person's retry can help: the rest is done, or needs a decision. */
    public static final String RETRYABLE = """
            state = 'PAID'
            AND (due_at IS NOT NULL
                 OR fulfilment = 'PARKED' AND fulfilment_reason IN ('RETRIES_EXHAUSTED', 'NO_LISTENER'))""";

    private final JdbcClient jdbc;

    HandOutAgain(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Makes those due that a retry can help.
     *
     * @param job the retry of many that they are part of
     * @return how many
     */
    public int now(Collection<String> outTradeNos, String actor, Optional<Long> job) {
        var code = job.isPresent() ? Code.RETRIED_WITH_OTHERS : Code.RETRIED;
        return jdbc.sql("""
                        WITH due AS (
                          SELECT out_trade_no, fulfilment FROM payment.payment
                          WHERE out_trade_no = ANY (:numbers) AND %s
                          ORDER BY out_trade_no
                          FOR NO KEY UPDATE),
                        again AS (
                          UPDATE payment.payment p
                          SET fulfilment = 'PENDING', fulfilment_reason = NULL, fulfilment_error = NULL, attempts = 0,
                              due_at = now(), version = version + 1
                          FROM due WHERE p.out_trade_no = due.out_trade_no
                          RETURNING p.out_trade_no)
                        INSERT INTO payment.intervention (at, actor, action, out_trade_no, result, result_code, result_values)
                        SELECT now(), :actor, 'RETRY_FULFILMENT', due.out_trade_no, format(:english, due.fulfilment, :job::text),
                               :code, array_remove(ARRAY[due.fulfilment, :job::text], NULL)
                        FROM due JOIN again USING (out_trade_no)
                        """.formatted(RETRYABLE))
                .param("numbers", outTradeNos.toArray(String[]::new))
                .param("actor", actor)
                .param("english", code.english())
                .param("code", code.name())
                .param("job", job.map(String::valueOf).orElse(null))
                .update();
    }
}
