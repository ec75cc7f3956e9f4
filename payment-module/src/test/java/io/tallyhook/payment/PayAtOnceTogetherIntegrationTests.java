package io.tallyhook.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tallyhook.testing.Payer;

/** Paying at once, by several at the same time: one payment and one taking for a request, and nobody waits in a ring. */
@PaymentModuleTest
class PayAtOnceTogetherIntegrationTests {

    private static final PaymentRequest.Channel AT_ONCE =
            new PaymentRequest.Channel("wallet", null, "balance", null, Map.of());

    private final Payments payments;
    private final Purse purse;
    private final GoodsListener listener;
    private final Till till;
    private final JdbcClient jdbc;
    private ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private RequestId id = RequestId.fresh(Clock.systemUTC());
    private PaymentRequest request = Till.request(AT_ONCE);

    PayAtOnceTogetherIntegrationTests(
            Payments payments, Purse purse, GoodsListener listener, Till till, JdbcClient jdbc) {
        this.payments = payments;
        this.purse = purse;
        this.listener = listener;
        this.till = till;
        this.jdbc = jdbc;
    }

    @BeforeEach
    void anotherRequestForSomethingThatCanBeLocked() {
        threads = Executors.newVirtualThreadPerTaskExecutor();
        id = RequestId.fresh(Clock.systemUTC());
        request = Till.request(AT_ONCE);
        purse.fill(request.userId(), 10_000);
        jdbc.sql("CREATE TABLE IF NOT EXISTS payable (reference text PRIMARY KEY, paid boolean NOT NULL)")
                .update();
        jdbc.sql("INSERT INTO payable VALUES (:reference, false)")
                .param("reference", request.reference())
                .update();
    }

    @AfterEach
    void everythingIsFineAgain() {
        purse.calmDown();
        listener.recover();
        threads.close();
    }

    @Test
    void the_same_request_many_times_at_once_is_one_payment_and_one_taking() throws Exception {
        listener.instead(id.number('P'), this::markPaid);

        var all = together(16, () -> payments.open(id, request, this::requirePayable));

        for (var one : all) {
            assertThat(one.get(20, TimeUnit.SECONDS).outTradeNo()).isEqualTo(id.number('P'));
            assertThat(one.get().state()).isEqualTo(PaymentState.PAID);
        }
        assertThat(payments.of(request.purpose(), request.reference())).hasSize(1);
        assertThat(purse.balance(request.userId())).isEqualTo(10_000 - 1999);
        assertThat(till.settled(id.number('P')).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(till.handedOut(id.number('P'))).isEqualTo(1);
        assertThat(listener.heardOf(id.number('P'))).isEqualTo(1);
    }

    @Test
    void different_requests_at_once_never_take_more_than_there_is() throws Exception {
        purse.fill(request.userId(), 3 * 1999 + 1998);

        var all = together(12, () -> payments.open(RequestId.fresh(Clock.systemUTC()), anotherThing(), () -> {}));

        int paid = 0;
        for (var one : all) {
            try {
                assertThat(one.get(20, TimeUnit.SECONDS).state()).isEqualTo(PaymentState.PAID);
                paid++;
            } catch (ExecutionException e) {
                assertThat(e.getCause())
                        .isInstanceOfSatisfying(
                                Refusal.class,
                                refusal -> assertThat(refusal.type()).isEqualTo("insufficient-balance"));
            }
        }
        assertThat(paid).isEqualTo(3);
        assertThat(purse.balance(request.userId())).isEqualTo(1998);
    }

    @Test
    void different_requests_at_once_for_one_thing_pay_it_once_and_the_others_are_told() throws Exception {
        purse.fill(request.userId(), 10_000);

        var all = together(12, () -> payments.open(RequestId.fresh(Clock.systemUTC()), request, () -> {}));

        int paid = 0;
        for (var one : all) {
            try {
                assertThat(one.get(20, TimeUnit.SECONDS).state()).isEqualTo(PaymentState.PAID);
                paid++;
            } catch (ExecutionException e) {
                assertThat(e.getCause())
                        .isInstanceOfSatisfying(
                                Refusal.class,
                                refusal -> assertThat(refusal.type()).isEqualTo("already-paid"));
            }
        }
        assertThat(paid).isEqualTo(1);
        assertThat(payments.of(request.purpose(), request.reference())).hasSize(1);
        assertThat(purse.balance(request.userId())).isEqualTo(10_000 - 1999);
    }

    /** Of the same payer. */
    private PaymentRequest anotherThing() {
        return new PaymentRequest(
                request.purpose(),
                "O-" + UUID.randomUUID(),
                request.userId(),
                request.amount(),
                request.description(),
                request.channel());
    }

    /**
     * The second has found the thing payable and holds it, waits for the first's taking, and goes on when the listener of
     * the first's payment holds that payment and waits for the thing. If the second then wanted the payment, the three
     * would wait in a ring.
     */
    @Test
    void a_repeat_that_came_second_holds_nothing_that_it_waits_for() throws Exception {
        listener.instead(id.number('P'), this::markPaid);
        var takings = new AtomicInteger();
        purse.afterwards(outTradeNo -> {
            boolean first = takings.incrementAndGet() == 1;
            untilSomebodyWaitsIn(first ? "purse_answer" : "UPDATE payable");
        });

        var both = together(2, () -> payments.open(id, request, this::requirePayable));

        for (var one : both) {
            assertThat(one.get(20, TimeUnit.SECONDS).state()).isEqualTo(PaymentState.PAID);
        }
        assertThat(takings).as("both have asked for the money").hasValue(2);
        await().until(() -> till.payment(id.number('P')).fulfilment() == FulfilmentState.SUCCEEDED);
        assertThat(purse.balance(request.userId())).isEqualTo(10_000 - 1999);
    }

    /** It looked, found no payment, and was overtaken before it could find the thing payable. */
    @Test
    void a_repeat_that_was_overtaken_is_not_told_that_the_thing_is_paid() {
        listener.instead(id.number('P'), this::markPaid);

        var payment = payments.open(id, request, () -> {
            elsewhere(() -> payments.open(id, request, this::requirePayable));
            till.settled(id.number('P'));
            requirePayable();
        });

        assertThat(payment).isEqualTo(till.payment(id.number('P')));
        assertThat(payment.state()).isEqualTo(PaymentState.PAID);
        assertThat(purse.balance(request.userId())).isEqualTo(10_000 - 1999);
    }

    /** A caller's bug, which must not cost the user anything. */
    @Test
    void a_number_that_another_channel_has_taken_meanwhile_takes_no_money() {
        purse.afterwards(
                outTradeNo -> elsewhere(() -> payments.open(id, request.through(Payer.by("external")), () -> {})));

        var payment = payments.open(id, request, () -> {});

        assertThat(payment.provider()).isEqualTo("bank");
        assertThat(payment.state()).isEqualTo(PaymentState.PENDING);
        assertThat(purse.answered(id.number('P'))).isFalse();
        assertThat(purse.balance(request.userId())).isEqualTo(10_000);
    }

    private void requirePayable() {
        boolean paid = jdbc.sql("SELECT paid FROM payable WHERE reference = :reference FOR SHARE")
                .param("reference", request.reference())
                .query(Boolean.class)
                .single();
        if (paid) {
            throw Refusal.conflict("paid-already", "It is paid.");
        }
    }

    private Fulfilment markPaid(ConfirmedPayment payment) {
        jdbc.sql("UPDATE payable SET paid = true WHERE reference = :reference")
                .param("reference", payment.reference())
                .update();
        return payment.fulfilled();
    }

    private void untilSomebodyWaitsIn(String statement) {
        await().atMost(Duration.ofSeconds(10))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> jdbc.sql("""
                                        SELECT EXISTS (SELECT 1 FROM pg_stat_activity
                                                       WHERE datname = current_database() AND wait_event_type = 'Lock'
                                                         AND query LIKE '%' || :statement || '%')
                                        """)
                        .param("statement", statement)
                        .query(Boolean.class)
                        .single());
    }

    private <T> List<Future<T>> together(int times, Callable<T> something) {
        var gate = new CountDownLatch(1);
        var all = new ArrayList<Future<T>>();
        for (int i = 0; i < times; i++) {
            all.add(threads.submit(() -> {
                gate.await();
                return something.call();
            }));
        }
        gate.countDown();
        return all;
    }

    /** By somebody else, who has a transaction of his own. */
    private void elsewhere(Callable<?> something) {
        try {
            threads.submit(something).get(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }
}
