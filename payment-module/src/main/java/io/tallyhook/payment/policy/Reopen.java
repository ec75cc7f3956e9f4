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

    /** In the running transaction. @return whether it was there to be reopened, and no refund of it under way */
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean reopen(String outTradeNo) {
        return jdbc.sql("""
                                UPDATE payment.payment
                                SET fulfilment = 'PENDING', fulfilment_reason = NULL, fulfilment_error = NULL, attempts = 0,
                                    due_at = now(), undecided_since = NULL, version = version + 1
                                WHERE out_trade_no = :outTradeNo AND state = 'PAID' AND fulfilment = 'PARKED'
                                  AND fulfilment_reason = 'LATE' AND held_fulfilment IS NULL
                                """).param("outTradeNo", outTradeNo).update() == 1;
    }
}
