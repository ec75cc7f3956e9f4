package io.tallyhook.payment.asking;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.GoodsListener;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.MoodyBank;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Till;
import io.tallyhook.payment.asking.Question.Why;
import io.tallyhook.payment.provider.Claim;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.PaymentGateway.Closing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import tallyhook.testing.WeChatPayServer;

/** What has expired, or was paid by another attempt, is closed at its provider first and then here; money that came wins. */
@PaymentModuleTest
class ClosingIntegrationTests {

    private static final Duration TERM = Duration.ofHours(2).plusMinutes(1);

    private final Payments payments;
    private final AskProvider provider;
    private final Questions questions;
    private final MoodyBank bank;
    private final WeChatPayServer weChatPay;
    private final GoodsListener listener;
    private final Till till;
    private final JdbcClient jdbc;
    private final PlatformTransactionManager transactions;
    private AskingGround ground;

    ClosingIntegrationTests(
            Payments payments,
            AskProvider provider,
            Questions questions,
            MoodyBank bank,
            WeChatPayServer weChatPay,
            GoodsListener listener,
            Till till,
            JdbcClient jdbc,
            PlatformTransactionManager transactions) {
        this.payments = payments;
        this.provider = provider;
        this.questions = questions;
        this.bank = bank;
        this.weChatPay = weChatPay;
        this.listener = listener;
        this.till = till;
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.ground = new AskingGround(payments, provider, jdbc, transactions);
    }

    @BeforeEach
    void anEmptyGround() {
        ground = new AskingGround(payments, provider, jdbc, transactions);
    }

    @BeforeEach
    @AfterEach
    void allIsCalm() {
        bank.calmDown();
        weChatPay.down(false);
        listener.recover();
    }

    @Test
    void what_has_expired_is_closed_at_its_provider_first_and_then_here() {
        var outTradeNo = ground.orderedAtTheBank();
        bank.onClose(() -> {
            assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.PENDING);
            return Closing.CLOSED;
        });
        ground.passes(TERM);

        ground.instance().asks();

        assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.CLOSED);
        assertThat(bank.calls()).endsWith("close " + outTradeNo).doesNotContain("query " + outTradeNo);
        assertThat(ground.isAwaited(outTradeNo)).isFalse();
        assertThat(questions.about(outTradeNo))
                .singleElement()
                .matches(question -> question.why() == Why.EXPIRED && question.answer() == ProviderSays.CLOSED);
    }

    @Test
    void nothing_is_closed_before_it_has_expired() {
        var outTradeNo = ground.orderedAtTheBank();
        ground.passes(Duration.ofHours(2).minusMinutes(2));

        ground.instance().asks();

        assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.PENDING);
        assertThat(bank.calls()).doesNotContain("close " + outTradeNo);
        assertThat(ground.dueIn(outTradeNo)).isLessThanOrEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void that_it_is_paid_wins_over_that_it_has_expired() {
        var outTradeNo = ground.orderedAtWeChatPay();
        weChatPay.takesMoneyFor(outTradeNo);
        ground.passes(TERM);

        ground.instance().asks();

        assertThat(till.settled(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(till.handedOut(outTradeNo)).isEqualTo(1);
        assertThat(weChatPay.askedAbout(outTradeNo)).containsExactly("POST", "GET");
        assertThat(questions.about(outTradeNo).getFirst().answer()).isEqualTo(ProviderSays.PAID);
    }

    @Test
    void if_it_is_paid_but_nobody_says_how_it_is_neither_closed_nor_paid_and_is_tried_again() {
        var outTradeNo = ground.orderedAtTheBank();
        bank.onClose(() -> Closing.ALREADY_PAID);
        bank.onQuery(Optional::empty);
        ground.passes(TERM);

        ground.instance().asks();
        assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.PENDING);

        bank.calmDown();
        bank.takesMoneyFor(outTradeNo);
        ground.passes(ground.dueIn(outTradeNo).plusSeconds(1));
        ground.instance().asks();
        assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.PAID);
    }

    @Test
    void an_unclear_answer_leaves_it_open_and_is_tried_again_with_rising_gaps() {
        var outTradeNo = ground.orderedAtWeChatPay();
        weChatPay.down(true);
        ground.passes(TERM);
        var gaps = new ArrayList<Duration>();
        for (int i = 0; i < 3; i++) {
            ground.instance().asks();
            gaps.add(ground.dueIn(outTradeNo));
            ground.passes(ground.dueIn(outTradeNo).plusSeconds(1));
        }

        assertThat(gaps).isSorted();
        assertThat(gaps.getFirst()).isLessThan(Duration.ofSeconds(40));
        assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.PENDING);

        weChatPay.down(false);
        ground.instance().asks();
        assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.CLOSED);
        assertThat(weChatPay.hasClosed(outTradeNo)).isTrue();
    }

    @Test
    void a_callback_that_comes_while_it_is_being_closed_wins() {
        var outTradeNo = ground.orderedAtTheBank();
        bank.onClose(() -> {
            till.paidInSilence(outTradeNo);
            return Closing.CLOSED;
        });
        ground.passes(TERM);

        ground.instance().asks();

        assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.PAID);
        assertThat(ground.isAwaited(outTradeNo)).isFalse();
    }

    @Test
    void what_the_shop_ordered_itself_is_closed_here_alone_when_it_has_expired() {
        var outTradeNo = ground.external(Duration.ofHours(2));
        var without = ground.external(null);
        ground.passes(TERM);

        ground.instance().asks();

        assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.CLOSED);
        assertThat(payments.get(without).state()).isEqualTo(PaymentState.PENDING);
        assertThat(bank.calls()).isEmpty();
        assertThat(questions.about(outTradeNo)).isEmpty();
    }

    @Test
    void instances_at_the_same_time_close_each_payment_once() throws Exception {
        for (int i = 0; i < 15; i++) {
            ground.orderedAtTheBank();
        }
        bank.calmDown();
        ground.passes(TERM);
        var gate = new CountDownLatch(1);
        try (var threads = Executors.newFixedThreadPool(3)) {
            var all = new ArrayList<Future<Integer>>();
            for (int i = 0; i < 3; i++) {
                var instance = ground.instance();
                all.add(threads.submit(() -> {
                    gate.await();
                    return instance.asks();
                }));
            }
            gate.countDown();
            for (var one : all) {
                one.get();
            }
        }
        ground.passes(Duration.ofSeconds(2));
        ground.instance().asks();

        assertThat(bank.calls()).hasSize(15).doesNotHaveDuplicates().allMatch(call -> call.startsWith("close"));
    }

    /** Crash point: closed at the provider, not here. */
    @Test
    void what_was_closed_at_the_provider_before_the_kill_is_closed_here_when_the_lease_ends() {
        var outTradeNo = ground.orderedAtWeChatPay();
        ground.passes(TERM);
        ground.instance().isKilledAfterClaiming();
        provider.close("wechat", WeChatPayServer.ACCOUNT, outTradeNo);
        assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.PENDING);

        ground.passes(Duration.ofMinutes(2));
        ground.instance().asks();

        assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.CLOSED);
    }

    @Test
    void when_one_attempt_is_paid_the_others_are_closed_at_their_provider_and_then_here() {
        var first = ground.orderedAtTheBank();
        var second = ground.anotherAttempt(first, "till");
        bank.takesMoneyFor(first);
        payments.ask(first, "mei");
        ground.passes(Duration.ofSeconds(5));

        ground.instance().asks();

        assertThat(bank.calls()).endsWith("close " + second);
        assertThat(payments.get(second).state()).isEqualTo(PaymentState.CLOSED);
        assertThat(questions.about(second)).singleElement().matches(question -> question.why() == Why.SIBLING_PAID);
        assertThat(till.settled(first).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
    }

    @Test
    void that_the_others_are_to_be_closed_is_committed_with_the_payment_or_not_at_all() {
        var first = ground.orderedAtTheBank();
        var second = ground.anotherAttempt(first, "till");
        bank.takesMoneyFor(first);
        assertThat(ground.dueIn(second)).isGreaterThan(Duration.ofSeconds(1));
        var refused = ground.orderedAtTheBank();
        var besides = ground.anotherAttempt(refused, "till");
        bank.onQuery(() -> Optional.of(new Fact.Paid(
                refused, new Claim(Map.of()), "B1", Money.fen(1), ground.clock().instant())));
        payments.ask(refused, "mei");
        bank.calmDown();

        payments.ask(first, "mei");

        ground.passes(Duration.ofSeconds(1));
        assertThat(ground.dueIn(second)).isNegative();
        assertThat(ground.dueIn(besides)).isGreaterThan(Duration.ofSeconds(1));
    }

    @Test
    void one_that_turns_out_paid_is_booked_and_becomes_a_surplus() {
        var first = ground.orderedAtTheBank();
        var second = ground.anotherAttempt(first, "till");
        listener.instead(second, payment -> payment.refused(ParkingReason.SURPLUS));
        bank.takesMoneyFor(first);
        bank.takesMoneyFor(second);
        payments.ask(first, "mei");
        ground.passes(Duration.ofSeconds(5));

        ground.instance().asks();

        var surplus = till.settled(second);
        assertThat(surplus.state()).isEqualTo(PaymentState.PAID);
        assertThat(surplus.fulfilmentReason()).isEqualTo(ParkingReason.SURPLUS);
    }

    @Test
    void an_attempt_that_was_opened_while_the_other_was_being_paid_is_closed_when_its_time_comes() {
        var first = ground.orderedAtTheBank();
        bank.takesMoneyFor(first);
        payments.ask(first, "mei");
        var second = ground.anotherAttempt(first, "till");
        bank.calmDown();
        ground.aMinutePasses();

        ground.instance().asks();

        assertThat(bank.calls()).containsExactly("close " + second);
        assertThat(payments.get(second).state()).isEqualTo(PaymentState.CLOSED);
    }

    /** Nobody can close it at the provider; to close it here would only call its money late instead of too much. */
    @Test
    void one_that_the_shop_ordered_itself_is_left_open() {
        var first = ground.orderedAtTheBank();
        var second = ground.anotherAttempt(first, "external");
        bank.takesMoneyFor(first);
        payments.ask(first, "mei");
        ground.aMinutePasses();

        ground.instance().asks();

        assertThat(payments.get(second).state()).isEqualTo(PaymentState.PENDING);
    }

    @Test
    void attempts_to_pay_something_else_are_left_alone() {
        var first = ground.orderedAtTheBank();
        var other = ground.orderedAtTheBank();
        bank.takesMoneyFor(first);
        payments.ask(first, "mei");
        bank.calmDown();
        ground.aMinutePasses();

        ground.instance().asks();

        assertThat(bank.calls()).containsExactly("query " + other);
        assertThat(payments.get(other).state()).isEqualTo(PaymentState.PENDING);
    }

    @Test
    void one_that_was_given_back_in_full_closes_no_other() {
        var first = ground.orderedAtTheBank();
        var second = ground.anotherAttempt(first, "till");
        till.paidInSilence(first);
        jdbc.sql("""
                        UPDATE payment.payment
                        SET state = 'REFUNDED', refunded_amount = amount, fulfilment = 'CANCELLED', due_at = NULL,
                            version = version + 1
                        WHERE out_trade_no = :no
                        """).param("no", first).update();
        bank.calmDown();
        ground.aMinutePasses();

        ground.instance().asks();

        assertThat(bank.calls()).containsExactly("query " + second);
    }

    @Test
    void one_whose_money_became_balance_closes_no_other() {
        var first = ground.orderedAtTheBank();
        var second = ground.anotherAttempt(first, "till");
        till.paidInSilence(first);
        jdbc.sql("""
                        UPDATE payment.payment SET fulfilment = 'PARKED', fulfilment_reason = 'LATE', due_at = NULL
                        WHERE out_trade_no = :no
                        """).param("no", first).update();
        jdbc.sql("""
                        UPDATE payment.payment
                        SET fulfilment = 'SUCCEEDED', fulfilment_reason = NULL, credited_as = 'S-1', undecided_since = NULL
                        WHERE out_trade_no = :no
                        """).param("no", first).update();
        bank.calmDown();
        ground.aMinutePasses();

        ground.instance().asks();

        assertThat(bank.calls()).containsExactly("query " + second);
    }
}
