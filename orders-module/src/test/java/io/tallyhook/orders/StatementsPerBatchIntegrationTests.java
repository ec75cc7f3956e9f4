package io.tallyhook.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.Fulfilments;
import io.tallyhook.payment.Payment;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import tallyhook.testing.CountedStatements;

/** A list of payments pays its orders in as many trips to the database as one payment does. */
@OrdersModuleTest
@Import(CountedStatements.class)
class StatementsPerBatchIntegrationTests {

    private final CountedStatements statements;
    private final Shop shop;
    private final Orders orders;
    private final MarkOrdersPaid listener;

    StatementsPerBatchIntegrationTests(
            CountedStatements statements,
            Shop shop,
            Orders orders,
            JdbcClient jdbc,
            Fulfilments fulfilments,
            Clock clock) {
        this.statements = statements;
        this.shop = shop;
        this.orders = orders;
        this.listener = new MarkOrdersPaid(jdbc, fulfilments, clock);
    }

    @Test
    void aBatchCostsTheSameStatementsWhateverItsSize() {
        assertThat(sentFor(20)).isEqualTo(sentFor(1)).isNotEmpty();
    }

    private List<String> sentFor(int payments) {
        var attempts = Stream.generate(() -> shop.attempt(shop.anOrder()))
                .limit(payments)
                .toArray(Payment[]::new);
        shop.paidInSilence(attempts);

        var sent = statements.during(() -> listener.on(Shop.confirmed(attempts)));

        assertThat(attempts)
                .allSatisfy(attempt ->
                        assertThat(orders.get(attempt.reference()).state()).isEqualTo(OrderState.PAID));
        return sent;
    }
}
