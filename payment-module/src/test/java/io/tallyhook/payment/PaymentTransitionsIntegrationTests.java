package io.tallyhook.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The second net: the database refuses what the code must not do. */
@PaymentModuleTest
class PaymentTransitionsIntegrationTests {

    private static final Map<PaymentState, String> COLUMNS = Map.of(
            PaymentState.PENDING,
            "state = 'PENDING', refunded_amount = 0, fulfilment = 'NONE'",
            PaymentState.CLOSED,
            "state = 'CLOSED', refunded_amount = 0, fulfilment = 'NONE'",
            PaymentState.PAID,
            "state = 'PAID', refunded_amount = 0, fulfilment = 'SUCCEEDED'",
            PaymentState.PARTIALLY_REFUNDED,
            "state = 'PARTIALLY_REFUNDED', refunded_amount = 500, fulfilment = 'SUCCEEDED'",
            PaymentState.REFUNDED,
            "state = 'REFUNDED', refunded_amount = 1999, fulfilment = 'SUCCEEDED'");

    private static final String PAID_BY = ", provider_transaction_id = 'T1', paid_at = now()";

    private final Till till;
    private final JdbcClient jdbc;

    PaymentTransitionsIntegrationTests(Till till, JdbcClient jdbc) {
        this.till = till;
        this.jdbc = jdbc;
    }

    static Stream<Arguments> pairs() {
        return Arrays.stream(PaymentState.values())
                .flatMap(from -> Arrays.stream(PaymentState.values()).map(to -> Arguments.of(from, to)));
    }

    /** All 25 pairs: the table in the code and the trigger in the database are the same. */
    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("pairs")
    void the_database_knows_the_same_transitions_as_the_code(PaymentState from, PaymentState to) {
        var outTradeNo = inState(from);

        var payer = to.wasPaid() && !from.wasPaid() ? PAID_BY : "";
        var refused = catchThrowable(() -> set(outTradeNo, columns(to) + payer));

        if (from == to || from.mayBecome(to)) {
            assertThat(refused).isNull();
            assertThat(till.payment(outTradeNo).state()).isEqualTo(to);
        } else {
            assertThat(refused)
                    .isInstanceOf(DataIntegrityViolationException.class)
                    .hasMessageContaining("payment %s cannot go from %s to %s".formatted(outTradeNo, from, to));
            assertThat(till.payment(outTradeNo).state()).isEqualTo(from);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "amount = 1",
                "currency = 'USD'",
                "user_id = 'somebody-else'",
                "reference = 'another order'",
                "purpose = 'RECHARGE'",
                "provider = 'alipay'",
                "account = 'shop-2'",
                "method = 'native'",
                "out_trade_no = 'P-another'",
                "created_at = now() + interval '1 day'",
                "provider_transaction_id = 'another'",
                "provider_transaction_id = NULL",
                "paid_at = now() + interval '1 day'"
            })
    void what_was_agreed_and_who_paid_it_cannot_be_rewritten(String change) {
        var outTradeNo = inState(PaymentState.PAID);

        assertThatThrownBy(() -> set(outTradeNo, change)).isInstanceOf(DataIntegrityViolationException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "state = 'PAID', fulfilment = 'PENDING', due_at = now()",
                "fulfilment = 'SUCCEEDED'",
                "refunded_amount = 1",
                "due_at = now()",
                "fulfilment_reason = 'LATE'",
                "state = 'LOST'"
            })
    void columns_that_contradict_each_other_are_refused(String change) {
        var outTradeNo = inState(PaymentState.PENDING);

        assertThatThrownBy(() -> set(outTradeNo, change)).isInstanceOf(DataIntegrityViolationException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "refunded_amount = 2000, state = 'REFUNDED'",
                "refunded_amount = -1, state = 'PARTIALLY_REFUNDED'",
                "refunded_amount = 500, state = 'REFUNDED'",
                "refunded_amount = 1999, state = 'PARTIALLY_REFUNDED'",
                "fulfilment = 'NONE'",
                "fulfilment = 'PARKED'",
                "fulfilment = 'PENDING'"
            })
    void neither_more_than_was_paid_nor_a_state_that_says_otherwise(String change) {
        var outTradeNo = inState(PaymentState.PAID);

        assertThatThrownBy(() -> set(outTradeNo, change)).isInstanceOf(DataIntegrityViolationException.class);
    }

    @Test
    void a_settled_refund_stays_as_it_is() {
        var outTradeNo = inState(PaymentState.PAID);
        jdbc.sql("INSERT INTO payment.refund VALUES (:outTradeNo, 'R1', 'SUCCEEDED', 100, 'test', NULL, now(), now())")
                .param("outTradeNo", outTradeNo)
                .update();

        assertThatThrownBy(() -> jdbc.sql("UPDATE payment.refund SET state = 'FAILED' WHERE out_trade_no = :outTradeNo")
                        .param("outTradeNo", outTradeNo)
                        .update())
                .isInstanceOf(DataIntegrityViolationException.class);
    }

    /** Along allowed steps only. */
    private String inState(PaymentState state) {
        var outTradeNo = till.opened("wechat");
        switch (state) {
            case PENDING -> {}
            case CLOSED -> set(outTradeNo, columns(PaymentState.CLOSED));
            case PAID -> set(outTradeNo, columns(PaymentState.PAID) + PAID_BY);
            case PARTIALLY_REFUNDED, REFUNDED -> {
                set(outTradeNo, columns(PaymentState.PAID) + PAID_BY);
                set(outTradeNo, columns(state));
            }
        }
        return outTradeNo;
    }

    private static String columns(PaymentState state) {
        return String.valueOf(COLUMNS.get(state));
    }

    private void set(String outTradeNo, String columns) {
        jdbc.sql("UPDATE payment.payment SET %s WHERE out_trade_no = :outTradeNo".formatted(columns))
                .param("outTradeNo", outTradeNo)
                .update();
    }
}
