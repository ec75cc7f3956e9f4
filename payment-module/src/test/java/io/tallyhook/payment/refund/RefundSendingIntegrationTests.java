package io.tallyhook.payment.refund;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.GoodsTakenBack;
import io.tallyhook.payment.MoodyBank;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Refund;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.booking.Intake;
import io.tallyhook.payment.provider.Fact.RefundResult;
import io.tallyhook.payment.provider.PaymentGateway.ProviderRefused;
import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import io.tallyhook.payment.provider.RefundAnswer;
import io.tallyhook.payment.provider.RefundOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tallyhook.testing.PlainBank;

/** Whatever the provider answers, and wherever we die: the money moves once, and in the end everybody knows. */
@PaymentModuleTest
class RefundSendingIntegrationTests {

    private static final ProviderUnclear TIME_OUT = new ProviderUnclear("no complete answer", null);

    private final RefundDesk desk;
    private final Refunds refunds;
    private final MoodyBank bank;
    private final GoodsTakenBack goods;
    private final Intake intake;
    private final JdbcClient jdbc;
    private String refundNo = "";

    RefundSendingIntegrationTests(
            RefundDesk desk, Refunds refunds, MoodyBank bank, GoodsTakenBack goods, Intake intake, JdbcClient jdbc) {
        this.desk = desk;
        this.refunds = refunds;
        this.bank = bank;
        this.goods = goods;
        this.intake = intake;
        this.jdbc = jdbc;
    }

    /** Stands for the death of our process at this point: nobody handles it. */
    private static final class Killed extends Error {}

    @BeforeEach
    void anotherNumber() {
        refundNo = RefundDesk.number();
    }

    @AfterEach
    void everythingIsFineAgain() {
        bank.calmDown();
        goods.recover();
    }

    @Test
    void a_refund_that_arrived_though_its_answer_was_lost_is_found_by_asking_and_not_sent_again() {
        var outTradeNo = desk.handedOut();
        bank.onRefund(refundNo, order -> {
            bank.really(order);
            throw TIME_OUT;
        });

        var refund = desk.ask(outTradeNo, refundNo, 1999);
        assertThat(refund.state()).isEqualTo("REQUESTED");
        assertThat(refund.error()).isEqualTo("no complete answer");
        assertThat(refund.nextAttemptAt()).isAfter(Instant.now());
        assertThat(desk.payment(outTradeNo).state()).isEqualTo(PaymentState.PAID);

        desk.sweep(refundNo);

        succeedsOnce(outTradeNo);
        assertThat(bank.callsAbout(refundNo)).containsExactly("refund", "query");
        assertThat(desk.refund(outTradeNo, refundNo).error()).isNull();
    }

    @Test
    void a_refund_that_never_arrived_is_sent_again_under_the_same_number() {
        var outTradeNo = desk.handedOut();
        bank.onRefund(refundNo, unclear());
        desk.ask(outTradeNo, refundNo, 1999);
        bank.onRefund(refundNo, bank::really);

        desk.sweep(refundNo);

        succeedsOnce(outTradeNo);
        assertThat(bank.callsAbout(refundNo)).containsExactly("refund", "query", "refund");
    }

    @Test
    void the_gaps_grow_while_nobody_answers() {
        var outTradeNo = desk.handedOut();
        bank.onRefund(refundNo, unclear());
        bank.onQueryRefund(refundNo, order -> {
            throw TIME_OUT;
        });
        desk.ask(outTradeNo, refundNo, 1999);
        assertThat(gap(outTradeNo)).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(18));

        for (int attempt = 2; attempt <= 5; attempt++) {
            desk.sweep(refundNo);
            int made = attempt;
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> desk.refund(outTradeNo, refundNo).attempts() == made
                            && bank.callsAbout(refundNo).size() == made);
        }

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(gap(outTradeNo)).isBetween(Duration.ofSeconds(200), Duration.ofSeconds(288)));
        assertThat(desk.refund(outTradeNo, refundNo).state()).isEqualTo("REQUESTED");
        assertThat(goods.done(refundNo)).containsExactly("take");
    }

    @Test
    void a_provider_that_takes_its_time_is_asked_until_it_is_done() {
        var outTradeNo = desk.handedOut();
        bank.onRefund(refundNo, order -> new RefundAnswer.Accepted("G1"));
        bank.onQueryRefund(refundNo, order -> Optional.of(new RefundAnswer.Accepted("G1")));

        assertThat(desk.ask(outTradeNo, refundNo, 1999).state()).isEqualTo("PROCESSING");
        assertThat(desk.refund(outTradeNo, refundNo).providerRefundId()).isEqualTo("G1");
        desk.sweep(refundNo);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> bank.callsAbout(refundNo).size() == 2);
        assertThat(desk.refund(outTradeNo, refundNo).state()).isEqualTo("PROCESSING");
        assertThat(desk.payment(outTradeNo).refundedAmount()).isZero();

        bank.onQueryRefund(refundNo, order -> Optional.of(bank.really(order)));
        desk.sweep(refundNo);

        succeedsOnce(outTradeNo);
        assertThat(bank.callsAbout(refundNo)).containsExactly("refund", "query", "query");
    }

    @Test
    void a_definite_refusal_fails_it_and_gives_back_once_what_was_taken() {
        var outTradeNo = desk.handedOut();
        bank.onRefund(refundNo, refused());

        var refund = desk.ask(outTradeNo, refundNo, 1999);

        assertThat(refund.state()).isEqualTo("FAILED");
        assertThat(refund.error()).isEqualTo("NOT_ENOUGH: our balance there is too low");
        desk.unwound(outTradeNo, refundNo);
        assertThat(goods.done(refundNo)).containsExactly("take", "giveBack");
        assertThat(desk.payment(outTradeNo).state()).isEqualTo(PaymentState.PAID);
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        var another = RefundDesk.number();
        assertThat(desk.ask(outTradeNo, another, 1999).state()).isEqualTo("SUCCEEDED");
    }

    @Test
    void a_refusal_fails_nothing_that_was_accepted_before() {
        var outTradeNo = desk.handedOut();
        bank.onRefund(refundNo, order -> new RefundAnswer.Stuck("ABNORMAL", "G1"));
        bank.onQueryRefund(refundNo, order -> Optional.of(new RefundAnswer.Stuck("ABNORMAL", "G1")));
        desk.ask(outTradeNo, refundNo, 1999);
        bank.onRefund(refundNo, refused());

        var refund = refunds.tryAgain(outTradeNo, refundNo, "a person");

        assertThat(refund.state()).isEqualTo("PROCESSING");
        assertThat(refund.error()).contains("NOT_ENOUGH");
        assertThat(goods.done(refundNo)).containsExactly("take");
    }

    @Test
    void a_stuck_refund_waits_for_a_person_is_asked_for_seldom_and_can_be_tried_again() {
        var outTradeNo = desk.handedOut();
        bank.onRefund(refundNo, order -> new RefundAnswer.Stuck("ABNORMAL", "G1"));
        bank.onQueryRefund(refundNo, order -> Optional.of(new RefundAnswer.Stuck("ABNORMAL", "G1")));

        var stuck = desk.ask(outTradeNo, refundNo, 1999);

        assertThat(stuck.state()).isEqualTo("PROCESSING");
        assertThat(stuck.stuckSince()).isNotNull();
        assertThat(stuck.error()).isEqualTo("ABNORMAL");
        assertThat(gap(outTradeNo)).isGreaterThan(Duration.ofHours(5));
        assertThat(refunds.needingSomebody()).extracting(Refund::refundNo).contains(refundNo);

        bank.onRefund(refundNo, bank::really);
        assertThat(refunds.tryAgain(outTradeNo, refundNo, "a person").state()).isEqualTo("SUCCEEDED");

        assertThat(bank.callsAbout(refundNo)).containsExactly("refund", "query", "refund");
        succeedsOnce(outTradeNo);
        assertThat(desk.refund(outTradeNo, refundNo).stuckSince()).isNull();
        assertThat(interventions(outTradeNo))
                .isEqualTo("a person RETRY_REFUND " + refundNo + ": was PROCESSING, is SUCCEEDED");
    }

    @Test
    void what_has_ended_cannot_be_tried_again() {
        var outTradeNo = desk.handedOut();
        desk.ask(outTradeNo, refundNo, 1999);

        assertThatThrownBy(() -> refunds.tryAgain(outTradeNo, refundNo, "a person"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("is SUCCEEDED");

        assertThat(bank.callsAbout(refundNo)).containsExactly("refund");
    }

    @Test
    void an_answer_with_another_amount_is_not_booked_and_says_so() {
        var outTradeNo = desk.handedOut();
        bank.onRefund(
                refundNo,
                order -> new RefundAnswer.Ended(PlainBank.refunded(
                        new RefundOrder(
                                order.account(),
                                order.outTradeNo(),
                                order.refundNo(),
                                RefundDesk.fen(1),
                                order.paid(),
                                order.reason(),
                                order.notifyUrl()),
                        RefundResult.SUCCEEDED)));

        var refund = desk.ask(outTradeNo, refundNo, 1999);

        assertThat(refund.state()).isEqualTo("REQUESTED");
        assertThat(refund.error()).contains("does not fit").contains("19.99").contains("0.01");
        assertThat(desk.payment(outTradeNo).refundedAmount()).isZero();
    }

    @Test
    void killed_before_the_intent_is_committed_nothing_has_happened() {
        var outTradeNo = desk.handedOut();
        goods.after("take", refundNo, RefundSendingIntegrationTests::die);

        assertThatThrownBy(() -> desk.ask(outTradeNo, refundNo, 1999)).isInstanceOf(Killed.class);

        assertThat(goods.done(refundNo)).isEmpty();
        assertThat(refunds.of(outTradeNo)).isEmpty();
        assertThat(bank.callsAbout(refundNo)).isEmpty();
        goods.recover();
        assertThat(desk.ask(outTradeNo, refundNo, 1999).state()).isEqualTo("SUCCEEDED");
    }

    @Test
    void killed_after_the_intent_and_before_sending_the_sweep_asks_and_sends() {
        var outTradeNo = desk.handedOut();
        bank.onRefund(refundNo, order -> die());

        assertThatThrownBy(() -> desk.ask(outTradeNo, refundNo, 1999)).isInstanceOf(Killed.class);
        assertThat(desk.refund(outTradeNo, refundNo).state()).isEqualTo("REQUESTED");
        assertThat(gap(outTradeNo)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
        bank.onRefund(refundNo, bank::really);
        desk.sweep(refundNo);

        succeedsOnce(outTradeNo);
        assertThat(bank.callsAbout(refundNo)).containsExactly("refund", "query", "refund");
    }

    @Test
    void killed_between_the_providers_answer_and_its_booking_the_sweep_finds_it_done() {
        var outTradeNo = desk.handedOut();
        bank.onRefund(refundNo, order -> {
            bank.really(order);
            return die();
        });

        assertThatThrownBy(() -> desk.ask(outTradeNo, refundNo, 1999)).isInstanceOf(Killed.class);
        assertThat(desk.payment(outTradeNo).refundedAmount()).isZero();
        desk.sweep(refundNo);

        succeedsOnce(outTradeNo);
        assertThat(bank.callsAbout(refundNo)).containsExactly("refund", "query");
    }

    @Test
    void killed_between_the_booking_and_the_unwinding_the_module_is_told_once() {
        var outTradeNo = desk.handedOut();
        goods.after("settle", refundNo, RefundSendingIntegrationTests::die);

        assertThat(desk.ask(outTradeNo, refundNo, 1999).state()).isEqualTo("SUCCEEDED");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> String.valueOf(desk.refund(outTradeNo, refundNo).error())
                        .contains("Killed"));
        assertThat(goods.done(refundNo)).containsExactly("take");
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(refunds.needingSomebody()).extracting(Refund::refundNo).contains(refundNo);

        goods.recover();
        desk.isDue(refundNo);

        succeedsOnce(outTradeNo);
    }

    @Test
    void a_callback_before_the_answer_settles_it_and_the_answer_changes_nothing() {
        var outTradeNo = desk.handedOut();
        bank.onRefund(refundNo, order -> {
            bank.really(order);
            intake.bookAnswer("bank", "main", PlainBank.refunded(order, RefundResult.SUCCEEDED));
            return new RefundAnswer.Accepted("G-late");
        });

        assertThat(desk.ask(outTradeNo, refundNo, 1999).state()).isEqualTo("SUCCEEDED");

        succeedsOnce(outTradeNo);
    }

    @Test
    void callbacks_and_queries_at_once_settle_it_once() {
        var outTradeNo = desk.handedOut();
        var sent = new CompletableFuture<RefundOrder>();
        bank.onRefund(refundNo, order -> {
            sent.complete(order);
            bank.really(order);
            return new RefundAnswer.Accepted("G1");
        });
        bank.onQueryRefund(refundNo, order -> Optional.of(bank.really(order)));
        desk.ask(outTradeNo, refundNo, 1999);
        var fact = PlainBank.refunded(sent.join(), RefundResult.SUCCEEDED);

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                threads.execute(() -> intake.bookAnswer("bank", "main", fact));
                threads.execute(() -> desk.sweep(refundNo));
            }
        }

        succeedsOnce(outTradeNo);
    }

    @Test
    void an_abnormal_notice_makes_us_ask_at_once() {
        var outTradeNo = desk.handedOut();
        var sent = new CompletableFuture<RefundOrder>();
        bank.onRefund(refundNo, order -> {
            sent.complete(order);
            return new RefundAnswer.Accepted("G1");
        });
        bank.onQueryRefund(refundNo, order -> Optional.of(new RefundAnswer.Stuck("ABNORMAL", "G1")));
        desk.ask(outTradeNo, refundNo, 1999);

        intake.bookAnswer("bank", "main", PlainBank.refunded(sent.join(), RefundResult.ABNORMAL));

        await().atMost(Duration.ofSeconds(20))
                .until(() -> desk.refund(outTradeNo, refundNo).stuckSince() != null);
        assertThat(desk.refund(outTradeNo, refundNo).state()).isEqualTo("PROCESSING");
    }

    @Test
    void many_sweeps_at_once_take_each_refund_once() {
        var numbers = Stream.generate(RefundDesk::number).limit(6).toList();
        for (var number : numbers) {
            bank.onRefund(number, unclear());
            desk.ask(desk.handedOut(), number, 1999);
            bank.onRefund(number, bank::really);
        }
        numbers.forEach(desk::isDue);

        desk.sweepsAtOnce(12);

        for (var number : numbers) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> bank.givenBack(number).isPresent());
            assertThat(bank.callsAbout(number)).containsExactly("refund", "query", "refund");
        }
    }

    @Test
    void while_somebody_is_sending_it_a_person_cannot_send_it_too() {
        var outTradeNo = desk.handedOut();
        var refusals = new ArrayList<String>();
        bank.onRefund(refundNo, order -> {
            var refusal = catchThrowableOfType(Refusal.class, () -> refunds.tryAgain(outTradeNo, refundNo, "a person"));
            refusals.add(refusal.type());
            return bank.really(order);
        });

        desk.ask(outTradeNo, refundNo, 1999);

        assertThat(refusals).containsExactly("nothing-due");
        succeedsOnce(outTradeNo);
        assertThat(bank.callsAbout(refundNo)).containsExactly("refund");
    }

    /** Else it could be given back after all, when the other was refused and what was taken has been given back. */
    @Test
    void who_has_been_overtaken_while_asking_sends_nothing() {
        var outTradeNo = desk.handedOut();
        bank.onRefund(refundNo, unclear());
        desk.ask(outTradeNo, refundNo, 1999);
        bank.onRefund(refundNo, refused());
        var first = new AtomicBoolean(true);
        bank.onQueryRefund(refundNo, order -> {
            if (first.getAndSet(false)) {
                desk.sweep(refundNo);
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> !desk.refund(outTradeNo, refundNo).isUnderWay());
                bank.onRefund(refundNo, bank::really);
            }
            return Optional.empty();
        });

        desk.sweep(refundNo);

        await().atMost(Duration.ofSeconds(20))
                .until(() -> !desk.refund(outTradeNo, refundNo).isUnderWay());
        assertThat(desk.unwound(outTradeNo, refundNo).state()).isEqualTo("FAILED");
        assertThat(bank.givenBack(refundNo)).isEmpty();
        assertThat(bank.callsAbout(refundNo)).containsExactly("refund", "query", "query", "refund");
        assertThat(goods.done(refundNo)).containsExactly("take", "giveBack");
    }

    @Test
    void one_poisoned_refund_does_not_block_the_next() {
        var poisoned = desk.handedOut();
        var poison = RefundDesk.number();
        Consumer<RefundOrder> broken = order -> {
            throw new IllegalStateException("broken");
        };
        bank.onRefund(poison, order -> {
            broken.accept(order);
            return new RefundAnswer.Accepted(null);
        });
        bank.onQueryRefund(poison, order -> {
            broken.accept(order);
            return Optional.empty();
        });
        var outTradeNo = desk.handedOut();
        bank.onRefund(refundNo, unclear());
        desk.ask(poisoned, poison, 1999);
        desk.ask(outTradeNo, refundNo, 1999);
        bank.onRefund(refundNo, bank::really);

        desk.sweep(poison);
        desk.sweep(refundNo);

        succeedsOnce(outTradeNo);
        assertThat(desk.refund(poisoned, poison).error()).contains("broken");
        assertThat(desk.refund(poisoned, poison).state()).isEqualTo("REQUESTED");
    }

    private void succeedsOnce(String outTradeNo) {
        assertThat(desk.unwound(outTradeNo, refundNo).state()).isEqualTo("SUCCEEDED");
        assertThat(bank.givenBack(refundNo)).hasValue(RefundDesk.fen(1999));
        assertThat(desk.payment(outTradeNo).refundedAmount()).isEqualTo(1999);
        assertThat(goods.done(refundNo)).containsExactly("take", "settle");
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.REVERSED);
    }

    private Duration gap(String outTradeNo) {
        var next = desk.refund(outTradeNo, refundNo).nextAttemptAt();
        return next == null ? Duration.ZERO : Duration.between(Instant.now(), next);
    }

    private String interventions(String outTradeNo) {
        return jdbc.sql("""
                        SELECT actor || ' ' || action || ' ' || result FROM payment.intervention
                        WHERE out_trade_no = :outTradeNo
                        """).param("outTradeNo", outTradeNo).query(String.class).single();
    }

    private static Function<RefundOrder, RefundAnswer> unclear() {
        return order -> {
            throw TIME_OUT;
        };
    }

    private static Function<RefundOrder, RefundAnswer> refused() {
        return order -> {
            throw new ProviderRefused("NOT_ENOUGH", "our balance there is too low");
        };
    }

    private static RefundAnswer die() {
        throw new Killed();
    }
}
