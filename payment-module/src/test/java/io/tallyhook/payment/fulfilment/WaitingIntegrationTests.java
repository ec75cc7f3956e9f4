package io.tallyhook.payment.fulfilment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallyhook.payment.Door;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.GoodsListener;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.PaymentsConfirmed;
import io.tallyhook.payment.PaymentsFulfilled;
import io.tallyhook.payment.Till;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.event.ApplicationEvents;
import org.springframework.test.context.event.RecordApplicationEvents;
import tallyhook.testing.WeChatNotification;

/** A module that cannot hand out just now: it is asked again for as long as it takes, and nothing is lost by it. */
@PaymentModuleTest
@RecordApplicationEvents
class WaitingIntegrationTests {

    private static final String WHY = "the ledger stands still for shard 7";

    private final Sweep sweep;
    private final FulfilmentSettings settings;
    private final Payments payments;
    private final GoodsListener listener;
    private final Door door;
    private final Till till;
    private final JdbcClient jdbc;

    WaitingIntegrationTests(
            Sweep sweep,
            FulfilmentSettings settings,
            Payments payments,
            GoodsListener listener,
            Door door,
            Till till,
            JdbcClient jdbc) {
        this.sweep = sweep;
        this.settings = settings;
        this.payments = payments;
        this.listener = listener;
        this.door = door;
        this.till = till;
        this.jdbc = jdbc;
    }

    @AfterEach
    void everythingGoesOn() {
        listener.recover();
    }

    @Test
    void what_must_wait_stays_due_says_why_and_comes_again_in_half_a_minute(ApplicationEvents events) {
        var outTradeNo = waiting();

        listener.run(booked(outTradeNo));

        var payment = till.payment(outTradeNo);
        assertThat(payment.fulfilment()).isEqualTo(FulfilmentState.PENDING);
        assertThat(payment.fulfilmentReason()).isNull();
        assertThat(payment.fulfilmentError()).isEqualTo(WHY);
        assertThat(payment.waits()).isTrue();
        assertThat(payment.attempts()).isZero();
        assertThat(gap(outTradeNo)).isBetween(Duration.ofSeconds(25), Duration.ofSeconds(31));
        assertThat(till.handedOut(outTradeNo)).isZero();
        assertThat(events.stream(PaymentsFulfilled.class)).isEmpty();
    }

    @Test
    void however_often_it_waits_it_is_never_parked_and_in_the_end_handed_out_once() {
        var outTradeNo = waiting();

        for (int i = 0; i < 50; i++) {
            waitsOnceMore(outTradeNo, 0);
        }

        assertThat(listener.heardOf(outTradeNo)).isEqualTo(50);
        assertThat(till.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.PENDING);
        listener.recover();
        till.leaseEnds(outTradeNo);
        sweep.handOut(outTradeNo);
        var payment = till.settled(outTradeNo);
        assertThat(payment.fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(payment.fulfilmentError()).isNull();
        assertThat(payment.attempts()).isEqualTo(1);
        assertThat(till.handedOut(outTradeNo)).isEqualTo(1);
    }

    @Test
    void with_one_attempt_left_it_may_still_wait_for_ever() {
        var outTradeNo = waiting();
        attempts(outTradeNo, settings.maxAttempts() - 1);

        for (int i = 0; i < 5; i++) {
            waitsOnceMore(outTradeNo, settings.maxAttempts() - 1);
        }

        assertThat(till.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.PENDING);
    }

    @Test
    void attempts_that_really_failed_still_count_and_end_at_a_person() {
        var outTradeNo = failed();
        attempts(outTradeNo, settings.maxAttempts() - 1);
        listener.standStill(outTradeNo, WHY);
        waitsOnceMore(outTradeNo, settings.maxAttempts() - 1);
        assertThat(till.payment(outTradeNo).fulfilment()).as("as before").isEqualTo(FulfilmentState.FAILED);

        listener.recover();
        failsOnceMore(outTradeNo);
        assertThat(till.payment(outTradeNo).attempts()).isEqualTo(settings.maxAttempts());
        till.leaseEnds(outTradeNo);
        sweep.handOut(outTradeNo);

        assertThat(till.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.PARKED);
        assertThat(till.payment(outTradeNo).fulfilmentReason()).isEqualTo(ParkingReason.RETRIES_EXHAUSTED);
    }

    /** The event of the booking may be so late that the sweep has counted attempts before. */
    @Test
    void a_run_that_nobody_counted_takes_no_attempt_back() {
        var outTradeNo = failed();
        attempts(outTradeNo, 3);
        listener.recover();
        listener.standStill(outTradeNo, WHY);

        listener.run(booked(outTradeNo));

        assertThat(till.payment(outTradeNo).fulfilmentError()).isEqualTo(WHY);
        assertThat(till.payment(outTradeNo).attempts()).isEqualTo(3);
    }

    /** A person's retry sets the count to zero while a counted event is still on its way. */
    @Test
    void an_attempt_that_is_taken_back_leaves_no_fewer_than_none() {
        var outTradeNo = waiting();

        listener.run(new PaymentsConfirmed("GOODS", booked(outTradeNo).payments(), true));

        assertThat(till.payment(outTradeNo).waits()).isTrue();
        assertThat(till.payment(outTradeNo).attempts()).isZero();
    }

    @Test
    void those_of_its_batch_that_need_not_wait_are_settled() {
        var waiting = waiting();
        var alsoWaiting = paidInSilence();
        var done = paidInSilence();
        var refused = paidInSilence();
        listener.standStill(alsoWaiting, "the ledger stands still for shard 8");
        listener.instead(refused, payment -> payment.refused(ParkingReason.SURPLUS));

        listener.run(booked(waiting, done, refused, alsoWaiting));

        assertThat(till.payment(waiting).fulfilmentError()).isEqualTo(WHY);
        assertThat(till.payment(alsoWaiting).fulfilmentError()).isEqualTo("the ledger stands still for shard 8");
        assertThat(till.payment(done).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(till.payment(refused).fulfilment()).isEqualTo(FulfilmentState.PARKED);
        assertThat(till.handedOut(done)).isEqualTo(1);
        assertThat(till.handedOut(waiting)).isZero();
    }

    @Test
    void one_that_throws_beside_it_fails_alone_and_the_waiting_one_gets_its_attempt_back() {
        var waiting = waiting();
        var poisoned = paidInSilence();
        attempts(waiting, 1);
        attempts(poisoned, 1);
        listener.instead(poisoned, payment -> {
            throw new IllegalArgumentException("poison");
        });

        listener.run(new PaymentsConfirmed("GOODS", booked(waiting, poisoned).payments(), true));

        assertThat(till.payment(waiting).waits()).isTrue();
        assertThat(till.payment(waiting).attempts()).isZero();
        assertThat(till.payment(poisoned).fulfilment()).isEqualTo(FulfilmentState.FAILED);
        assertThat(till.payment(poisoned).attempts()).isEqualTo(1);
    }

    /** Its reason to wait is no failure: nobody shall look for one. */
    @Test
    void one_that_waited_and_is_not_answered_any_more_is_parked_for_lack_of_a_listener() {
        var outTradeNo = waiting();
        waitsOnceMore(outTradeNo, 0);
        attempts(outTradeNo, settings.maxAttempts());

        sweep.handOut(outTradeNo);

        assertThat(till.payment(outTradeNo).fulfilmentReason()).isEqualTo(ParkingReason.NO_LISTENER);
    }

    @Test
    void what_waits_can_be_refunded_and_is_not_handed_out_then() {
        var outTradeNo = till.opened("wechat");
        listener.standStill(outTradeNo, WHY);
        door.send(WeChatNotification.paid(outTradeNo, 1999));
        await().until(() -> till.payment(outTradeNo).waits());

        door.send(WeChatNotification.refunded(outTradeNo, "R-1", 1999, 1999));
        listener.recover();
        listener.run(booked(outTradeNo));

        assertThat(till.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.CANCELLED);
        assertThat(till.payment(outTradeNo).waits()).isFalse();
        assertThat(till.handedOut(outTradeNo)).isZero();
    }

    @Test
    void a_person_can_have_it_asked_for_at_once_and_what_was_said_before_is_not_taken_for_the_answer() {
        var outTradeNo = failed();
        listener.recover();
        listener.dieOn(outTradeNo);

        payments.retryFulfilment(outTradeNo, "a person");

        assertThat(till.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.PENDING);
        assertThat(till.payment(outTradeNo).waits()).isFalse();
    }

    @Test
    void whatever_the_reason_says_it_is_recorded() {
        var outTradeNo = paidInSilence();
        listener.standStill(outTradeNo, "before\0after" + "x".repeat(5000));

        listener.run(booked(outTradeNo));

        assertThat(till.payment(outTradeNo).waits()).isTrue();
        assertThat(till.payment(outTradeNo).fulfilmentError())
                .startsWith("before")
                .hasSize(500);
    }

    /** The sweep hands it out, and it has to wait with no more attempts than before. */
    private void waitsOnceMore(String outTradeNo, int attempts) {
        till.leaseEnds(outTradeNo);
        sweep.handOut(outTradeNo);
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> gap(outTradeNo).compareTo(settings.lease().plusSeconds(5)) > 0
                        && gap(outTradeNo).compareTo(settings.waitingGap()) <= 0
                        && till.payment(outTradeNo).attempts() == attempts);
        assertThat(till.payment(outTradeNo).fulfilmentError()).isEqualTo(WHY);
    }

    private void failsOnceMore(String outTradeNo) {
        listener.instead(outTradeNo, payment -> {
            throw new IllegalStateException("no stock again");
        });
        till.leaseEnds(outTradeNo);
        sweep.handOut(outTradeNo);
        await().until(() ->
                String.valueOf(till.payment(outTradeNo).fulfilmentError()).contains("no stock again"));
    }

    /** Paid, and its module stands still. */
    private String waiting() {
        var outTradeNo = paidInSilence();
        listener.standStill(outTradeNo, WHY);
        return outTradeNo;
    }

    /** Paid, and its module has failed once. */
    private String failed() {
        var outTradeNo = paidInSilence();
        listener.instead(outTradeNo, payment -> {
            throw new IllegalStateException("no stock");
        });
        listener.run(booked(outTradeNo));
        assertThat(till.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.FAILED);
        return outTradeNo;
    }

    private String paidInSilence() {
        var outTradeNo = till.opened("wechat");
        till.paidInSilence(outTradeNo);
        return outTradeNo;
    }

    /** The event as the booking raises it: no attempt was counted. */
    private PaymentsConfirmed booked(String... numbers) {
        return new PaymentsConfirmed(
                "GOODS", Arrays.stream(numbers).map(till::confirmed).toList());
    }

    private void attempts(String outTradeNo, int attempts) {
        jdbc.sql("UPDATE payment.payment SET attempts = :attempts, due_at = now() WHERE out_trade_no = :outTradeNo")
                .param("attempts", attempts)
                .param("outTradeNo", outTradeNo)
                .update();
    }

    private Duration gap(String outTradeNo) {
        return Duration.between(
                Instant.now(), Objects.requireNonNull(till.payment(outTradeNo).nextAttemptAt()));
    }
}
