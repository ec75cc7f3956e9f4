package io.tallyhook.payment;

import static io.tallyhook.payment.FulfilmentState.CANCELLED;
import static io.tallyhook.payment.FulfilmentState.FAILED;
import static io.tallyhook.payment.FulfilmentState.PARKED;
import static io.tallyhook.payment.FulfilmentState.PENDING;
import static io.tallyhook.payment.FulfilmentState.REVERSED;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Among very many payments that are paid and handed out, a list finds the few others without reading these. */
@PaymentModuleTest
class ListsOfManyPaymentsIntegrationTests {

    private static final int MANY = 20_000;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    ListsOfManyPaymentsIntegrationTests(JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    static Stream<Arguments> rare() {
        return Stream.of(
                Arguments.of(in(null, FAILED), "payment_(due|by_fulfilment|hard_to_hand_out)"),
                Arguments.of(in(null, PENDING), "payment_due"),
                Arguments.of(in(null, PARKED), "payment_(by_fulfilment|parked|parked_because|undecided)"),
                Arguments.of(in(null, CANCELLED), "payment_by_fulfilment"),
                Arguments.of(in(null, REVERSED), "payment_by_fulfilment"),
                Arguments.of(in(PaymentState.PENDING, null), "payment_by_state"),
                Arguments.of(in(PaymentState.CLOSED, null), "payment_by_state"),
                Arguments.of(in(PaymentState.REFUNDED, null), "payment_by_state"),
                Arguments.of(in(PaymentState.PARTIALLY_REFUNDED, null), "payment_by_state"),
                Arguments.of(PaymentFilter.of("GOODS", "OMANY7"), "payment_by_reference"),
                Arguments.of(
                        new PaymentFilter("TMANY7", null, null, null, null, null, null, null, null),
                        "payment_by_transaction"));
    }

    @ParameterizedTest
    @MethodSource("rare")
    void what_is_rare_is_found_by_an_index_of_its_own(PaymentFilter filter, String index) {
        var plan = amongMany(() -> planOf(PaymentRows.limits(filter)));

        assertThat(plan).containsPattern("(using|on) " + index).doesNotContain("Seq Scan");
    }

    @Test
    void the_next_page_begins_where_the_last_one_ended_and_reads_nothing_before_it() {
        var plan = amongMany(() -> planOf(new Limits().by("cursor", "PMANY000000000000000000007", PaymentRows.BEHIND)));

        assertThat(plan)
                .contains("Index Cond: (ROW(created_at, out_trade_no) <")
                .contains("payment_by_time");
    }

    private static PaymentFilter in(@Nullable PaymentState state, @Nullable FulfilmentState fulfilment) {
        return new PaymentFilter(null, state, fulfilment, null, null, null, null, null, null);
    }

    private String planOf(Limits limits) {
        return String.join(
                "\n",
                limits.on(jdbc.sql("EXPLAIN " + PaymentRows.NEWEST.formatted(limits.sql())))
                        .param("limit", 6)
                        .query(String.class)
                        .list());
    }

    /** They are there only for the question: whatever else is tested never sees them. */
    private String amongMany(Supplier<String> question) {
        return transaction.execute(status -> {
            status.setRollbackOnly();
            jdbc.sql("""
                            INSERT INTO payment.payment
                              (out_trade_no, purpose, reference, user_id, shard, provider, account, method, description,
                               amount, currency, created_at, state, provider_transaction_id, paid_at, fulfilment)
                            SELECT 'PMANY' || lpad(n::text, 21, '0'), 'GOODS', 'OMANY' || n, 'many', 0, 'wechat', 'main',
                                   'external', 'Tea', 1999, 'CNY', :now::timestamptz - n * interval '1 minute', 'PAID',
                                   'TMANY' || n, :now::timestamptz, 'SUCCEEDED'
                            FROM generate_series(1, :many) n
                            """)
                    .param("now", Clock.systemUTC().instant().toString())
                    .param("many", MANY)
                    .update();
            jdbc.sql("ANALYZE payment.payment").update();
            return question.get();
        });
    }
}
