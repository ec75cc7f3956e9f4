package io.tallyhook.payment.booking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallyhook.payment.Door;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.Till;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.CountedStatements;
import tallyhook.testing.WeChatNotification;

/** A trip to the database is the price of a callback, so many of them share each: from the booking to the handing out. */
@PaymentModuleTest
@Import(CountedStatements.class)
class StatementsPerGroupIntegrationTests {

    private static final int CONNECTIONS = 64;

    private final CountedStatements statements;
    private final Intake intake;
    private final Door door;
    private final Till till;
    private final TransactionTemplate transaction;
    private final JdbcClient jdbc;

    StatementsPerGroupIntegrationTests(
            CountedStatements statements,
            Intake intake,
            Door door,
            Till till,
            PlatformTransactionManager transactions,
            JdbcClient jdbc) {
        this.statements = statements;
        this.intake = intake;
        this.door = door;
        this.till = till;
        this.transaction = new TransactionTemplate(transactions);
        this.jdbc = jdbc;
    }

    @Test
    void a_group_costs_the_same_statements_whatever_its_size() {
        var one = sentFor(1);
        var many = sentFor(CONNECTIONS);

        assertThat(many).containsExactlyInAnyOrderElementsOf(one).noneMatch(sql -> sql.contains("ISOLATION"));
    }

    /** Commits and the handing out included; the shop's own statements are its own affair, the registry forgets in turns. */
    @Test
    void a_callback_in_a_full_group_costs_less_than_a_quarter_of_a_statement() {
        int perGroup = sentFor(CONNECTIONS).size() / 2;

        assertThat(4 * perGroup).isLessThanOrEqualTo(CONNECTIONS);
    }

    @Test
    void where_no_other_attempt_is_open_nobody_looks_for_one() {
        assertThat(sentFor(1)).noneMatch(sql -> sql.contains("payment.asking"));
    }

    /** Two groups: one with a payment that somebody holds, and one with all that come meanwhile. */
    private List<String> sentFor(int callbacks) {
        var first = till.opened("wechat");
        var numbers = new ArrayList<String>();
        for (int i = 0; i < callbacks; i++) {
            numbers.add(till.opened("wechat"));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return statements
                    .during(() -> {
                        transaction.executeWithoutResult(status -> {
                            lock(first);
                            threads.execute(() -> door.send(WeChatNotification.paid(first, 1999)));
                            await().until(this::somebodyWaits);
                            numbers.forEach(
                                    number -> threads.execute(() -> door.send(WeChatNotification.paid(number, 1999))));
                            await().until(() -> intake.waiting() == callbacks);
                        });
                        numbers.add(first);
                        await().until(() -> allAreHandedOut(numbers));
                    })
                    .stream()
                    .filter(sql -> !sql.contains("handed_out") && !sql.contains("looking"))
                    .toList();
        }
    }

    private void lock(String outTradeNo) {
        jdbc.sql("SELECT /* looking */ 1 FROM payment.payment WHERE out_trade_no = :outTradeNo FOR UPDATE")
                .param("outTradeNo", outTradeNo)
                .query(Integer.class)
                .single();
    }

    private boolean somebodyWaits() {
        return jdbc.sql("""
                        SELECT /* looking */ count(*) > 0 FROM pg_stat_activity
                        WHERE datname = current_database() AND wait_event_type = 'Lock'
                        """).query(Boolean.class).single();
    }

    private boolean allAreHandedOut(List<String> numbers) {
        return jdbc.sql("""
                        SELECT /* looking */ NOT EXISTS (SELECT FROM event_publication)
                          AND NOT EXISTS (SELECT FROM payment.payment
                                          WHERE out_trade_no = ANY (:numbers) AND fulfilment <> 'SUCCEEDED')
                        """)
                .param("numbers", numbers.toArray(String[]::new))
                .query(Boolean.class)
                .single();
    }
}
