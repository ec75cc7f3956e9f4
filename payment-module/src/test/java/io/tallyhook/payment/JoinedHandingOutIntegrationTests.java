package io.tallyhook.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallyhook.payment.fulfilment.DuePayments;
import io.tallyhook.payment.fulfilment.FulfilmentSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/** What comes while something is handed out is handed out together after it, and nobody suffers for another's payment. */
@PaymentModuleTest
class JoinedHandingOutIntegrationTests {

    private static final int MOST = 4;

    private final Till till;
    private final JdbcClient jdbc;
    private final Fulfilments fulfilments;
    private final ConcurrentLinkedQueue<List<String>> batches = new ConcurrentLinkedQueue<>();
    private ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private CountDownLatch begun = new CountDownLatch(1);
    private CountDownLatch end = new CountDownLatch(1);
    private List<String> numbers = List.of();

    JoinedHandingOutIntegrationTests(
            Till till, JdbcClient jdbc, DuePayments due, PlatformTransactionManager transactions) {
        this.till = till;
        this.jdbc = jdbc;
        this.fulfilments = new Fulfilments(due, transactions, event -> {}, patient());
    }

    private static FulfilmentSettings patient() {
        var some = Duration.ofSeconds(15);
        return new FulfilmentSettings(some, some, 100, 20, some, some, some, 100, 4, 10, MOST, Duration.ofMinutes(1));
    }

    @BeforeEach
    void fourArePaid() {
        threads = Executors.newVirtualThreadPerTaskExecutor();
        begun = new CountDownLatch(1);
        end = new CountDownLatch(1);
        batches.clear();
        numbers = IntStream.range(0, 4).mapToObj(i -> till.opened("bank")).toList();
        numbers.forEach(till::paidInSilence);
    }

    @AfterEach
    void nobodyIsLeft() {
        end.countDown();
        threads.close();
    }

    @Test
    void events_that_come_meanwhile_share_one_transaction() throws Exception {
        handOutWhileTheFirstIsSlow("");

        assertThat(batches).hasSize(2);
        assertThat(batches.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(numbers);
        for (var number : numbers) {
            assertThat(till.payment(number).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
            assertThat(till.handedOut(number)).isEqualTo(1);
        }
    }

    @Test
    void a_poisoned_payment_harms_none_of_those_it_was_joined_with() throws Exception {
        var poisoned = numbers.get(2);
        handOutWhileTheFirstIsSlow(poisoned);

        for (var number : numbers) {
            boolean good = !number.equals(poisoned);
            assertThat(till.payment(number).fulfilment())
                    .isEqualTo(good ? FulfilmentState.SUCCEEDED : FulfilmentState.FAILED);
            assertThat(till.handedOut(number)).isEqualTo(good ? 1 : 0);
        }
        assertThat(till.payment(poisoned).fulfilmentError()).contains("poisoned");
    }

    private void handOutWhileTheFirstIsSlow(String poisoned) throws Exception {
        var first = run(numbers.getFirst(), poisoned);
        begun.await();
        var others = new ArrayList<Future<?>>();
        for (var number : numbers.subList(1, numbers.size())) {
            others.add(run(number, poisoned));
        }
        await().until(() -> fulfilments.waiting("GOODS") == others.size());
        end.countDown();

        first.get(30, TimeUnit.SECONDS);
        for (var other : others) {
            other.get(30, TimeUnit.SECONDS);
        }
    }

    private Future<?> run(String outTradeNo, String poisoned) {
        var event = new PaymentsConfirmed("GOODS", List.of(till.confirmed(outTradeNo)));
        return threads.submit(() -> fulfilments.run(event, payments -> handOut(payments, poisoned)));
    }

    private List<Fulfilment> handOut(List<ConfirmedPayment> payments, String poisoned) {
        batches.add(payments.stream().map(ConfirmedPayment::outTradeNo).toList());
        if (payments.getFirst().outTradeNo().equals(numbers.getFirst())) {
            waitForTheOthers();
        }
        return payments.stream().map(payment -> handOut(payment, poisoned)).toList();
    }

    private Fulfilment handOut(ConfirmedPayment payment, String poisoned) {
        jdbc.sql("INSERT INTO handed_out VALUES (:number, 1)")
                .param("number", payment.outTradeNo())
                .update();
        if (payment.outTradeNo().equals(poisoned)) {
            throw new IllegalStateException("poisoned");
        }
        return payment.fulfilled();
    }

    private void waitForTheOthers() {
        begun.countDown();
        try {
            end.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
