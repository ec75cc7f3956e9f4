package io.tallyhook.payment.fulfilment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.Door;
import io.tallyhook.payment.Fulfilment;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.GoodsListener;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.PaymentsConfirmed;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.Till;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tallyhook.testing.WeChatNotification;

/** From paid to handed out: exactly once, whatever dies or throws. */
@PaymentModuleTest
class FulfilmentIntegrationTests {

    private final Sweep sweep;
    private final RegistryCleaning cleaning;
    private final FulfilmentSettings settings;
    private final Payments payments;
    private final GoodsListener listener;
    private final Door door;
    private final Till till;
    private final JdbcClient jdbc;

    FulfilmentIntegrationTests(
            Sweep sweep,
            RegistryCleaning cleaning,
            FulfilmentSettings settings,
            Payments payments,
            GoodsListener listener,
            Door door,
            Till till,
            JdbcClient jdbc) {
        this.sweep = sweep;
        this.cleaning = cleaning;
        this.settings = settings;
        this.payments = payments;
        this.listener = listener;
        this.door = door;
        this.till = till;
        this.jdbc = jdbc;
    }

    @AfterEach
    void everythingIsFineAgain() {
        listener.recover();
    }

    @Test
    void what_is_paid_is_handed_out_on_a_thread_of_the_listeners() {
        var outTradeNo = paid();

        var payment = till.settled(outTradeNo);

        assertThat(payment.fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(payment.nextAttemptAt()).isNull();
        assertThat(listener.threads()).isNotEmpty();
        assertThat(listener.threads()).allMatch(name -> name.startsWith("listener-"));
    }

    /** c11, c15: killed between the booking and the effect. */
    @Test
    void what_a_dead_listener_had_is_brought_back_when_its_lease_ends() {
        var outTradeNo = killedOn();
        assertThat(till.payment(outTradeNo).nextAttemptAt())
                .isAfter(Instant.now().plusSeconds(5));

        listener.recover();
        sweep.handOutDue();
        assertThat(listener.heardOf(outTradeNo)).as("while it is leased").isEqualTo(1);

        till.leaseEnds(outTradeNo);
        sweep.handOutDue();
        assertThat(till.settled(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(till.handedOut(outTradeNo)).isEqualTo(1);
        assertThat(till.payment(outTradeNo).attempts()).isEqualTo(1);
    }

    /** c29, and two instances: nobody is skipped, nobody is handed out twice at a time. */
    @Test
    void sweeps_at_the_same_time_never_hand_out_the_same_payment() throws Exception {
        var numbers = new ArrayList<String>();
        for (int i = 0; i < 250; i++) {
            numbers.add(paidInSilence("GOODS"));
        }
        try (var threads = Executors.newFixedThreadPool(4)) {
            var gate = new CountDownLatch(1);
            var sweeps = new ArrayList<Future<Integer>>();
            for (int i = 0; i < 4; i++) {
                sweeps.add(threads.submit(() -> {
                    gate.await();
                    int all = 0;
                    for (int taken; (taken = sweep.handOutDue()) > 0; ) {
                        all += taken;
                    }
                    return all;
                }));
            }
            gate.countDown();
            int taken = 0;
            for (var one : sweeps) {
                taken += one.get(30, TimeUnit.SECONDS);
            }
            // Those that were locked by another sweep at that moment are met by the next one.
            sweep.sweep();
            assertThat(taken).isGreaterThan(0);
        }
        for (var outTradeNo : numbers) {
            assertThat(till.settled(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
            assertThat(listener.heardOf(outTradeNo)).isEqualTo(1);
            assertThat(till.handedOut(outTradeNo)).isEqualTo(1);
        }
    }

    @Test
    void the_same_event_many_times_at_once_has_one_effect() throws Exception {
        var numbers = List.of(paidInSilence("GOODS"), paidInSilence("GOODS"), paidInSilence("GOODS"));
        var event = event(numbers);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < 16; i++) {
                running.add(threads.submit(() -> listener.run(event)));
            }
            for (var one : running) {
                one.get(20, TimeUnit.SECONDS);
            }
        }
        numbers.forEach(outTradeNo -> assertThat(till.handedOut(outTradeNo)).isEqualTo(1));
    }

    @Test
    void a_purpose_that_no_module_declares_is_parked() {
        var outTradeNo = paidInSilence("FORGOTTEN");

        sweep.handOutDue();

        var payment = till.payment(outTradeNo);
        assertThat(payment.fulfilment()).isEqualTo(FulfilmentState.PARKED);
        assertThat(payment.fulfilmentReason()).isEqualTo(ParkingReason.NO_LISTENER);
        assertThat(payment.nextAttemptAt()).isNull();
        assertThat(listener.heardOf(outTradeNo)).isZero();
    }

    /** Its condition keeps other purposes from a listener; nobody else waits in the registry for it either. */
    @Test
    void a_payment_of_another_purpose_is_confirmed_without_any_listener_of_ours() {
        var outTradeNo = "F" + System.nanoTime();
        jdbc.sql("""
                        INSERT INTO payment.payment
                          (out_trade_no, purpose, reference, user_id, shard, provider, account, method, description, amount,
                           currency, created_at)
                        VALUES (:outTradeNo, 'FORGOTTEN', 'F1', 'u1', 1, 'wechat', 'main', 'external', '?', 1999, 'CNY', now())
                        """).param("outTradeNo", outTradeNo).update();

        assertThat(door.send(WeChatNotification.paid(outTradeNo, 1999)).statusCode())
                .isEqualTo(200);

        assertThat(till.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.PENDING);
        assertThat(rows(outTradeNo)).isZero();
        till.leaseEnds(outTradeNo);
        sweep.handOutDue();
        assertThat(till.payment(outTradeNo).fulfilmentReason()).isEqualTo(ParkingReason.NO_LISTENER);
        assertThat(listener.heardOf(outTradeNo)).isZero();
    }

    /** c14: the handler throws. */
    @Test
    void what_fails_is_recorded_with_its_error_and_tried_again_with_growing_gaps() {
        var outTradeNo = failing(payment -> {
            throw new IllegalStateException("no stock of " + payment.reference());
        });

        var failed = till.settled(outTradeNo);

        assertThat(failed.fulfilment()).isEqualTo(FulfilmentState.FAILED);
        assertThat(failed.fulfilmentError()).isEqualTo("IllegalStateException: no stock of " + failed.reference());
        assertThat(gap(outTradeNo))
                .as("15 to 18 seconds from when it failed")
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(18));
        assertThat(till.handedOut(outTradeNo)).as("rolled back").isZero();

        var gaps = new ArrayList<Duration>();
        for (int i = 1; i <= 4; i++) {
            retryDue(outTradeNo, i);
            gaps.add(gap(outTradeNo));
        }
        assertThat(gaps).isSorted();
        assertThat(gaps.getLast()).isGreaterThan(Duration.ofMinutes(3));

        listener.recover();
        till.leaseEnds(outTradeNo);
        sweep.handOutDue();
        await().until(() -> till.payment(outTradeNo).fulfilment() == FulfilmentState.SUCCEEDED);
        assertThat(till.handedOut(outTradeNo)).isEqualTo(1);
        assertThat(till.payment(outTradeNo).fulfilmentError()).isNull();
    }

    private void retryDue(String outTradeNo, int attempt) {
        int before = listener.batchesWith(outTradeNo).size();
        till.leaseEnds(outTradeNo);
        sweep.handOutDue();
        // A batch that throws is tried once more, alone; one of its own is not.
        await().until(() -> listener.batchesWith(outTradeNo).size() > before
                && till.payment(outTradeNo).attempts() == attempt
                && gap(outTradeNo).compareTo(settings.gap(attempt)) > 0);
    }

    @Test
    void what_fails_too_often_is_parked_for_a_person() {
        var outTradeNo = failing(payment -> {
            throw new IllegalStateException("never");
        });
        till.settled(outTradeNo);
        jdbc.sql("UPDATE payment.payment SET attempts = :attempts, due_at = now() WHERE out_trade_no = :outTradeNo")
                .param("attempts", settings.maxAttempts())
                .param("outTradeNo", outTradeNo)
                .update();

        sweep.handOutDue();

        var payment = till.payment(outTradeNo);
        assertThat(payment.fulfilment()).isEqualTo(FulfilmentState.PARKED);
        assertThat(payment.fulfilmentReason()).isEqualTo(ParkingReason.RETRIES_EXHAUSTED);
        assertThat(payment.fulfilmentError()).contains("never");
        assertThat(payment.nextAttemptAt()).isNull();
    }

    @Test
    void a_declared_purpose_whose_listener_never_answers_is_parked_for_lack_of_one() {
        var outTradeNo = paidInSilence("GOODS");
        jdbc.sql("UPDATE payment.payment SET attempts = :attempts WHERE out_trade_no = :outTradeNo")
                .param("attempts", settings.maxAttempts())
                .param("outTradeNo", outTradeNo)
                .update();

        sweep.handOutDue();

        assertThat(till.payment(outTradeNo).fulfilmentReason()).isEqualTo(ParkingReason.NO_LISTENER);
    }

    @Test
    void a_poisoned_payment_of_a_batch_fails_alone() {
        var numbers = new ArrayList<String>();
        for (int i = 0; i < 10; i++) {
            numbers.add(paidInSilence("GOODS"));
        }
        var poisoned = numbers.get(4);
        listener.instead(poisoned, payment -> {
            throw new IllegalArgumentException("poison");
        });

        listener.run(event(numbers));

        for (var outTradeNo : numbers) {
            boolean good = !outTradeNo.equals(poisoned);
            assertThat(till.payment(outTradeNo).fulfilment())
                    .isEqualTo(good ? FulfilmentState.SUCCEEDED : FulfilmentState.FAILED);
            assertThat(till.handedOut(outTradeNo)).isEqualTo(good ? 1 : 0);
        }
    }

    /** Dies each time before it can answer, and with it whatever is in the same event. */
    @Test
    void a_payment_that_kills_its_listener_takes_others_with_it_a_few_times_and_then_none() {
        var good = new ArrayList<String>();
        for (int i = 0; i < 12; i++) {
            good.add(paidInSilence("GOODS"));
        }
        var killer = paidInSilence("GOODS");
        var all = new ArrayList<>(good);
        all.add(killer);
        listener.dieOn(killer);

        for (int i = 0; i < 5; i++) {
            all.forEach(till::leaseEnds);
            sweep.sweep();
        }

        for (var outTradeNo : good) {
            assertThat(till.settled(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
            assertThat(till.handedOut(outTradeNo)).isEqualTo(1);
        }
        assertThat(till.payment(killer).fulfilment()).isEqualTo(FulfilmentState.PENDING);
        assertThat(till.payment(killer).fulfilmentReason()).isNull();
    }

    @Test
    void what_is_handed_out_for_the_first_time_goes_together() {
        var numbers = new ArrayList<String>();
        for (int i = 0; i < 12; i++) {
            numbers.add(paidInSilence("GOODS"));
        }

        sweep.sweep();

        numbers.forEach(till::settled);
        assertThat(listener.batchesWith(numbers.getFirst()))
                .singleElement()
                .satisfies(batch -> assertThat(batch).containsAll(numbers));
    }

    /** What cannot be written down, or is not even an exception, must not stop the others either. */
    @Test
    void no_kind_of_failure_harms_the_rest_of_a_batch() {
        var nul = paidInSilence("GOODS");
        var error = paidInSilence("GOODS");
        var silent = paidInSilence("GOODS");
        var sql = paidInSilence("GOODS");
        var good = paidInSilence("GOODS");
        listener.instead(nul, payment -> {
            throw new IllegalStateException("before\0after" + "x".repeat(5000));
        });
        listener.instead(error, payment -> {
            throw new StackOverflowError("deep");
        });
        listener.instead(silent, payment -> {
            throw new IllegalStateException();
        });
        listener.instead(sql, payment -> {
            jdbc.sql("SELECT 1 / 0").query(Integer.class).single();
            return payment.fulfilled();
        });

        listener.run(event(List.of(nul, error, silent, sql, good)));

        assertThat(till.payment(good).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        for (var outTradeNo : List.of(nul, error, silent, sql)) {
            assertThat(till.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.FAILED);
            assertThat(till.payment(outTradeNo).fulfilmentError()).isNotBlank().hasSizeLessThanOrEqualTo(500);
            assertThat(till.handedOut(outTradeNo)).isZero();
        }
        assertThat(till.payment(error).fulfilmentError()).isEqualTo("StackOverflowError: deep");
    }

    @Test
    void a_listener_that_answers_for_too_few_or_too_many_has_done_nothing() {
        var outTradeNo = paidInSilence("GOODS");
        var other = paidInSilence("GOODS");

        listener.answering(answers -> List.of());
        listener.run(event(List.of(outTradeNo)));
        assertThat(till.payment(outTradeNo).fulfilmentError()).contains("no answer for [" + outTradeNo + "]");
        assertThat(till.handedOut(outTradeNo)).isZero();

        listener.answering(answers -> {
            var twice = new ArrayList<>(answers);
            twice.addAll(answers);
            return twice;
        });
        listener.run(event(List.of(outTradeNo)));
        assertThat(till.payment(outTradeNo).fulfilmentError()).contains("one too many for [" + outTradeNo + "]");

        var stranger = till.confirmed(other).fulfilled();
        listener.answering(answers -> List.of(answers.getFirst(), stranger));
        listener.run(event(List.of(outTradeNo)));
        assertThat(till.payment(outTradeNo).fulfilmentError()).contains("one too many for [" + other + "]");
        assertThat(till.payment(other).fulfilment()).isEqualTo(FulfilmentState.PENDING);
        assertThat(till.handedOut(outTradeNo)).isZero();
    }

    @Test
    void a_listener_can_refuse_with_a_reason() {
        var outTradeNo = paidInSilence("GOODS");
        var good = paidInSilence("GOODS");
        listener.instead(outTradeNo, payment -> payment.refused(ParkingReason.SURPLUS));

        listener.run(event(List.of(outTradeNo, good)));

        assertThat(till.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.PARKED);
        assertThat(till.payment(outTradeNo).fulfilmentReason()).isEqualTo(ParkingReason.SURPLUS);
        assertThat(till.payment(good).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
    }

    @Test
    void what_was_refunded_before_it_was_handed_out_is_cancelled_and_not_handed_out() {
        var outTradeNo = killedOn();
        listener.recover();
        door.send(WeChatNotification.refunded(outTradeNo, "R1", 1999, 1999));

        till.leaseEnds(outTradeNo);
        sweep.handOutDue();
        listener.run(event(List.of(outTradeNo)));

        assertThat(till.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.CANCELLED);
        assertThat(till.handedOut(outTradeNo)).isZero();
        assertThat(listener.heardOf(outTradeNo)).isEqualTo(1);
    }

    @Test
    void an_event_of_another_purpose_is_neither_heard_nor_run() {
        var outTradeNo = paidInSilence("GOODS");

        listener.run(new PaymentsConfirmed("OTHER", List.of(till.confirmed(outTradeNo))));

        assertThat(till.handedOut(outTradeNo)).isZero();
        assertThat(listener.heard()).allMatch(event -> event.purpose().equals("GOODS"));
    }

    @Test
    void a_person_can_have_it_tried_again_at_once_and_that_is_recorded() {
        var outTradeNo = failing(payment -> {
            throw new IllegalStateException("no stock");
        });
        till.settled(outTradeNo);
        listener.recover();

        payments.retryFulfilment(outTradeNo, "a person");

        await().until(() -> till.payment(outTradeNo).fulfilment() == FulfilmentState.SUCCEEDED);
        assertThat(till.handedOut(outTradeNo)).isEqualTo(1);
        assertThat(interventions(outTradeNo)).containsExactly("a person RETRY_FULFILMENT was FAILED");
    }

    @Test
    void what_was_parked_for_lack_of_retries_can_be_tried_again() {
        var outTradeNo = paidInSilence("GOODS");
        jdbc.sql(
                        "UPDATE payment.payment SET fulfilment = 'PARKED', fulfilment_reason = 'RETRIES_EXHAUSTED', due_at = NULL, attempts = 21 WHERE out_trade_no = :outTradeNo")
                .param("outTradeNo", outTradeNo)
                .update();

        payments.retryFulfilment(outTradeNo, "a person");

        await().until(() -> till.payment(outTradeNo).fulfilment() == FulfilmentState.SUCCEEDED);
        assertThat(till.payment(outTradeNo).fulfilmentReason()).isNull();
    }

    @Test
    void a_retry_is_refused_where_nothing_is_due_or_a_decision_is_needed() {
        var done = paid();
        till.settled(done);
        var unpaid = till.opened("wechat");
        var late = till.closed("wechat");
        door.send(WeChatNotification.paid(late, 1999));

        assertRefused(done, "nothing-due");
        assertRefused(unpaid, "nothing-due");
        assertRefused(late, "decision-needed");
        assertThatThrownBy(() -> payments.retryFulfilment("P-nobody", "a person"))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.status().value()).isEqualTo(404));

        assertThat(till.handedOut(done)).isEqualTo(1);
        assertThat(till.handedOut(late)).isZero();
        assertThat(interventions(done)).isEmpty();
        assertThat(interventions(late)).isEmpty();
    }

    private void assertRefused(String outTradeNo, String type) {
        assertThatThrownBy(() -> payments.retryFulfilment(outTradeNo, "a person"))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.status().value()).isEqualTo(409);
                    assertThat(refusal.type()).isEqualTo(type);
                });
    }

    /** c12: an event is not gone from the registry before the listener is done, and not for ever in it if it dies. */
    @Test
    void the_registrys_row_of_a_dead_listener_is_thrown_away_after_an_hour() {
        var outTradeNo = till.opened("wechat");
        listener.dieOn(outTradeNo, new IllegalStateException("killed"));
        door.send(WeChatNotification.paid(outTradeNo, 1999));
        await().until(() -> listener.heardOf(outTradeNo) == 1 && rows(outTradeNo) == 1);

        cleaning.clean();
        assertThat(rows(outTradeNo)).as("younger than an hour").isEqualTo(1);

        jdbc.sql(
                        "UPDATE event_publication SET publication_date = now() - interval '61 min' WHERE serialized_event LIKE :number")
                .param("number", "%" + outTradeNo + "%")
                .update();
        cleaning.clean();
        assertThat(rows(outTradeNo)).isZero();
        assertThat(till.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.PENDING);
    }

    @Test
    void the_registry_keeps_nothing_of_what_is_done() {
        var outTradeNo = paid();
        till.settled(outTradeNo);

        await().until(() -> rows(outTradeNo) == 0);
    }

    private int rows(String outTradeNo) {
        return jdbc.sql("SELECT count(*) FROM event_publication WHERE serialized_event LIKE :number")
                .param("number", "%" + outTradeNo + "%")
                .query(Integer.class)
                .single();
    }

    private String paid() {
        var outTradeNo = till.opened("wechat");
        assertThat(door.send(WeChatNotification.paid(outTradeNo, 1999)).statusCode())
                .isEqualTo(200);
        return outTradeNo;
    }

    private String failing(Function<ConfirmedPayment, Fulfilment> how) {
        var outTradeNo = till.opened("wechat");
        listener.instead(outTradeNo, how);
        door.send(WeChatNotification.paid(outTradeNo, 1999));
        return outTradeNo;
    }

    /** Paid, and its listener died before it did anything. */
    private String killedOn() {
        var outTradeNo = till.opened("wechat");
        listener.dieOn(outTradeNo);
        door.send(WeChatNotification.paid(outTradeNo, 1999));
        await().until(() -> listener.heardOf(outTradeNo) == 1);
        return outTradeNo;
    }

    /** Paid and due, without anybody having been told. */
    private String paidInSilence(String purpose) {
        var outTradeNo = "S" + System.nanoTime();
        assertThat(jdbc.sql("""
                        INSERT INTO payment.payment
                          (out_trade_no, purpose, reference, user_id, shard, provider, account, method, description, amount,
                           currency, created_at, state, provider_transaction_id, paid_at, fulfilment, due_at)
                        VALUES (:outTradeNo, :purpose, 'O-silent', 'u1', 1, 'wechat', 'main', 'external', 'goods', 1999,
                                'CNY', now(), 'PAID', 'T' || :outTradeNo, now(), 'PENDING', now())
                        """)
                        .param("outTradeNo", outTradeNo)
                        .param("purpose", purpose)
                        .update())
                .isEqualTo(1);
        assertThat(till.payment(outTradeNo).state()).isEqualTo(PaymentState.PAID);
        return outTradeNo;
    }

    private PaymentsConfirmed event(List<String> numbers) {
        return new PaymentsConfirmed(
                "GOODS", numbers.stream().map(till::confirmed).toList());
    }

    private Duration gap(String outTradeNo) {
        return Duration.between(
                Instant.now(), Objects.requireNonNull(till.payment(outTradeNo).nextAttemptAt()));
    }

    private List<String> interventions(String outTradeNo) {
        return jdbc.sql(
                        "SELECT actor || ' ' || action || ' ' || result FROM payment.intervention WHERE out_trade_no = :outTradeNo ORDER BY id")
                .param("outTradeNo", outTradeNo)
                .query((row, number) -> row.getString(1))
                .list();
    }
}
