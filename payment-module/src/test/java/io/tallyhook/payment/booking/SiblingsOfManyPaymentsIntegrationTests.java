package io.tallyhook.payment.booking;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.PaymentModuleTest;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Every group asks whether other attempts are open. That must never read what is open for other things. */
@PaymentModuleTest
class SiblingsOfManyPaymentsIntegrationTests {

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    SiblingsOfManyPaymentsIntegrationTests(JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** When the statistics were made hardly anything was open, and by now very much may be. */
    @Test
    void they_are_sought_by_what_they_pay_for_even_where_open_ones_are_thought_to_be_rare() {
        var plan = transaction.execute(status -> {
            status.setRollbackOnly();
            manyPaid();
            return plan();
        });

        assertThat(plan)
                .contains("payment_by_reference")
                .doesNotContain("payment_by_state")
                .doesNotContain("Seq Scan");
    }

    private String plan() {
        return String.join(
                "\n",
                jdbc.sql("EXPLAIN " + PaymentsUnderDecision.LOCKED_WITH_SIBLINGS)
                        .param("numbers", new String[] {"PMANY000000000000000000007"})
                        .query(String.class)
                        .list());
    }

    private void manyPaid() {
        jdbc.sql("""
                        INSERT INTO payment.payment
                          (out_trade_no, purpose, reference, user_id, shard, provider, account, method, description,
                           amount, currency, created_at, state, provider_transaction_id, paid_at, fulfilment)
                        SELECT 'PMANY' || lpad(n::text, 21, '0'), 'GOODS', 'OMANY' || n, 'many', 0, 'wechat', 'main',
                               'external', 'Tea', 1999, 'CNY', now(), 'PAID', 'TMANY' || n, now(), 'SUCCEEDED'
                        FROM generate_series(1, 20000) n
                        """).update();
        jdbc.sql("UPDATE payment.payment SET state = 'CLOSED', closed_at = now() WHERE state = 'PENDING'")
                .update();
        jdbc.sql("ANALYZE payment.payment").update();
    }
}
