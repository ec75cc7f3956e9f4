package io.tallyhook.payment.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.PaymentModuleTest;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** However many payments were handed out, the board reads none of them. */
@PaymentModuleTest
class BoardPlanIntegrationTests {

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    BoardPlanIntegrationTests(JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    @ParameterizedTest
    @NullSource
    @EnumSource(BoardKind.class)
    void no_list_reads_all_payments_refunds_or_callbacks(@Nullable BoardKind kind) {
        var plan = transaction.execute(status -> {
            status.setRollbackOnly();
            manyPaymentsThatWentWell();
            return plan(new BoardFilter(kind, null, null));
        });

        assertThat(Objects.requireNonNull(plan))
                .isNotEmpty()
                .noneMatch(line -> line.contains("Seq Scan on payment") || line.contains("Seq Scan on callback_2"));
    }

    private void manyPaymentsThatWentWell() {
        jdbc.sql("""
                        INSERT INTO payment.payment
                          (out_trade_no, purpose, reference, user_id, shard, provider, account, method, description, amount,
                           currency, created_at, state, provider_transaction_id, paid_at, fulfilment, fulfilled_at)
                        SELECT 'PLAN' || n, 'GOODS', 'O' || n, 'user-plan', 1, 'wechat', 'main', 'external', 'Tea', 100, 'CNY',
                               now(), 'PAID', 'TPLAN' || n, now(), 'SUCCEEDED', now()
                        FROM generate_series(100000, 120000) n
                        """).update();
        jdbc.sql("ANALYZE payment.payment").update();
    }

    private List<String> plan(BoardFilter filter) {
        return jdbc.sql("EXPLAIN " + BoardRows.sql(filter))
                .param("since", Timestamp.from(Instant.EPOCH))
                .param("id", "")
                .param("purpose", null)
                .param("number", null)
                .param("limit", 51)
                .param("handOutWithin", 600)
                .param("unwindWithin", 600)
                .param("refundWithin", 3600)
                .query((row, number) -> row.getString(1))
                .list();
    }
}
