package io.tallyhook.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallyhook.benchmarks.Notice.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What must be found when all is quiet again. */
record AfterTheKills(JdbcClient jdbc, Callers callers) {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    void allIsTold() {
        await().atMost(PATIENCE).until(callers::done);
    }

    void everythingIsThereOnce() {
        assertThat(callers.surprises()).isEmpty();
        await("nothing is stuck")
                .atMost(PATIENCE)
                .until(() -> count("SELECT count(*) FROM payment.payment WHERE due_at IS NOT NULL") == 0);
        assertThat(new IntakeAudit(jdbc).passes(List.copyOf(callers.acknowledged(Kind.PAID)), System.out))
                .as("what was acknowledged is booked, logged and handed out once, and nothing else is")
                .isTrue();
        assertThat(new Proof(jdbc).holds(System.out)).as("the ledger's proof").isTrue();
        lateIsBookedAndNotHandedOut();
        nothingElseIsPaid();
    }

    private void lateIsBookedAndNotHandedOut() {
        assertThat(jdbc.sql("""
                                SELECT t FROM unnest(:late::text[]) t LEFT JOIN payment.payment p ON p.out_trade_no = t
                                WHERE (p.state, p.fulfilment, p.fulfilment_reason)
                                        IS DISTINCT FROM ('PAID', 'PARKED', 'LATE')
                                   OR (SELECT count(*) FROM payment.callback c
                                       WHERE c.out_trade_no = t AND c.outcome = 'LATE') <> 1
                                """)
                        .param("late", numbers(callers.acknowledged(Kind.LATE)))
                        .query(String.class)
                        .list())
                .as("late ones that are not booked once and parked")
                .isEmpty();
    }

    /** Also of what nobody acknowledged: it was booked once, by its own transaction, or not at all. */
    private void nothingElseIsPaid() {
        assertThat(count("""
                        SELECT count(*) FROM payment.payment p
                        WHERE p.state NOT IN ('PENDING', 'CLOSED')
                          AND (SELECT count(*) FROM payment.callback c
                               WHERE c.out_trade_no = p.out_trade_no AND c.outcome IN ('CONFIRMED', 'LATE')) <> 1
                        """))
                .as("payments paid without exactly one delivery that did it")
                .isZero();
        assertThat(count("""
                        SELECT count(*) FROM payment.payment
                        WHERE state = 'PAID' AND fulfilment <> 'SUCCEEDED'
                          AND (fulfilment, fulfilment_reason) IS DISTINCT FROM ('PARKED', 'LATE')
                        """))
                .as("paid ones that are neither handed out nor parked as late")
                .isZero();
    }

    String figures() {
        return "%,d answers, %,d acknowledged payments (%,d late), %,d calls without an answer"
                .formatted(
                        callers.answers(),
                        callers.acknowledged(Kind.PAID).size()
                                + callers.acknowledged(Kind.LATE).size(),
                        callers.acknowledged(Kind.LATE).size(),
                        callers.unanswered());
    }

    private static String[] numbers(Set<OpenPayment> payments) {
        return payments.stream().map(OpenPayment::outTradeNo).toArray(String[]::new);
    }

    private long count(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }
}
