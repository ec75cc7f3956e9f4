package io.tallyhook.payment.booking;

import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * One attempt was paid: the other open attempts to pay the same thing are due to be closed. Written in the transaction that
 * books the payment, so that no crash loses it; whoever closes them is told after the commit.
 */
@Component
class HurrySiblings {

    private final JdbcClient jdbc;
    private final ObjectProvider<Hurried> closers;
    private final Clock clock;

    HurrySiblings(JdbcClient jdbc, ObjectProvider<Hurried> closers, Clock clock) {
        this.jdbc = jdbc;
        this.closers = closers;
        this.clock = clock;
    }

    void of(List<Decision.Change> changes) {
        var paid = changes.stream()
                .filter(change -> change.after().state().wasPaid()
                        && !change.before().state().wasPaid())
                .map(change -> change.after().outTradeNo())
                .toArray(String[]::new);
        if (paid.length > 0 && areDueNow(paid) > 0) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    closers.forEach(Hurried::soon);
                }
            });
        }
    }

    private int areDueNow(String[] paid) {
        return jdbc.sql("""
                        WITH sibling AS (
                          SELECT a.out_trade_no
                          FROM payment.payment p
                          JOIN payment.payment s
                            ON s.purpose = p.purpose AND s.reference = p.reference AND s.state = 'PENDING'
                           AND s.out_trade_no <> p.out_trade_no
                          JOIN payment.asking a ON a.out_trade_no = s.out_trade_no
                          WHERE p.out_trade_no = ANY (:paid) AND a.askable
                          ORDER BY a.out_trade_no
                          FOR NO KEY UPDATE OF a)
                        UPDATE payment.asking a SET next_ask_at = :now
                        FROM sibling WHERE a.out_trade_no = sibling.out_trade_no
                        """)
                .param("paid", paid)
                .param("now", Timestamp.from(clock.instant()))
                .update();
    }
}
