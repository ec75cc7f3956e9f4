package io.tallyhook.payment.booking;

import io.tallyhook.payment.ParkingReason;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import java.util.Set;
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

    /** @param withSiblings the numbers of the payments that had other open attempts when they were locked */
    void of(List<Decision.Change> changes, Set<String> withSiblings) {
        var paid = changes.stream()
                .filter(change -> change.after().state().wasPaid()
                        && !change.before().state().wasPaid()
                        && change.after().reason() != ParkingReason.OTHER_AMOUNT)
                .map(change -> change.after().outTradeNo())
                .filter(withSiblings::contains)
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

    /** Written so that it goes from the paid ones through indexes, whatever the statistics of tables that grow say. */
    private int areDueNow(String[] paid) {
        return jdbc.sql("""
                        WITH sibling AS MATERIALIZED (
                          SELECT s.out_trade_no
                          FROM payment.payment p
                          CROSS JOIN LATERAL (
                            SELECT out_trade_no, state FROM payment.payment
                            WHERE purpose = p.purpose AND reference = p.reference
                            OFFSET 0) s
                          WHERE p.out_trade_no = ANY (:paid) AND s.state = 'PENDING'
                            AND s.out_trade_no <> p.out_trade_no),
                        locked AS (
                          SELECT out_trade_no FROM payment.asking
                          WHERE out_trade_no = ANY (ARRAY(SELECT out_trade_no FROM sibling)) AND askable
                          ORDER BY out_trade_no
                          FOR NO KEY UPDATE)
                        UPDATE payment.asking a SET next_ask_at = :now
                        FROM locked WHERE a.out_trade_no = locked.out_trade_no
                        """)
                .param("paid", paid)
                .param("now", Timestamp.from(clock.instant()))
                .update();
    }
}
