package io.tallyhook.payment.policy;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Makes a payment that was paid after it was closed due again: its module decides by how things stand now. Only that one; what
 * was paid twice or cancelled would be refused again.
 */
@Component
public class Reopen {

    private final JdbcClient jdbc;

    Reopen(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * In the running {@code READ COMMITTED} transaction.
     *
     * @return whether it was there to be reopened, and no refund of it is under way or decided on
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean reopen(String outTradeNo) {
        lock(outTradeNo);
        return jdbc.sql("""
                                UPDATE payment.payment
                                SET fulfilment = 'PENDING', fulfilment_reason = NULL, fulfilment_error = NULL, attempts = 0,
                                    due_at = now(), undecided_since = NULL, version = version + 1
                                WHERE out_trade_no = :outTradeNo AND state = 'PAID' AND fulfilment = 'PARKED'
                                  AND fulfilment_reason = 'LATE' AND held_fulfilment IS NULL
                                  AND NOT EXISTS (SELECT FROM payment.policy_decision
                                                  WHERE out_trade_no = :outTradeNo AND result = 'STARTED')
                                """).param("outTradeNo", outTradeNo).update() == 1;
    }

    /** By a statement of its own, so that the next one sees what a policy has decided meanwhile. */
    private void lock(String outTradeNo) {
        jdbc.sql("SELECT FROM payment.payment WHERE out_trade_no = :outTradeNo FOR NO KEY UPDATE")
                .param("outTradeNo", outTradeNo)
                .query(row -> {});
    }
}
