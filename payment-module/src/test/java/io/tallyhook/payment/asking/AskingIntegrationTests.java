package io.tallyhook.payment.asking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.MoodyBank;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.Till;
import io.tallyhook.payment.asking.Question.Why;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.provider.Claim;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.WeChatPayServer;

/** What nobody called us about is asked: soon, then rarer, by one instance at a time, and within bounds. */
@PaymentModuleTest
class AskingIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Payments payments;
    private final AskProvider provider;
    private final Questions questions;
    private final MoodyBank bank;
    private final WeChatPayServer weChatPay;
    private final Till till;
    private final JdbcClient jdbc;
    private final PlatformTransactionManager transactions;
    private AskingGround ground;

    AskingIntegrationTests(
            Payments payments,
            AskProvider provider,
            Questions questions,
            MoodyBank bank,
            WeChatPayServer weChatPay,
            Till till,
            JdbcClient jdbc,
            PlatformTransactionManager transactions) {
        this.payments = payments;
        this.provider = provider;
        this.questions = questions;
        this.bank = bank;
        this.weChatPay = weChatPay;
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
    void aCalmBank() {
        bank.calmDown();
        weChatPay.down(false);
    }

    @Test
    void what_no_callback_told_of_is_asked_booked_and_handed_out() {
        var outTradeNo = ground.orderedAtWeChatPay();
        weChatPay.takesMoneyFor(outTradeNo);
        ground.aMinutePasses();

        ground.instance().asks();

        assertThat(till.settled(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(till.handedOut(outTradeNo)).isEqualTo(1);
        assertThat(ground.isAwaited(outTradeNo)).isFalse();
        var question = questions.about(outTradeNo).getFirst();
        assertThat(question.why()).isEqualTo(Why.USUAL);
        assertThat(question.answer()).isEqualTo(ProviderSays.PAID);
        assertThat(question.outcome()).isEqualTo(Outcome.CONFIRMED);
        assertThat(question.detail()).isEqualTo("42" + outTradeNo);
    }

    @Test
    void it_is_not_asked_before_its_time() {
        var outTradeNo = ground.orderedAtTheBank();
        bank.calmDown();

        assertThat(ground.instance().asks()).isZero();

        assertThat(bank.calls()).isEmpty();
        assertThat(ground.dueIn(outTradeNo)).isLessThanOrEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void while_it_is_not_paid_the_gaps_rise_until_it_expires() {
        var outTradeNo = ground.orderedAtWeChatPay();
        var instance = ground.instance();
        var gaps = new ArrayList<Duration>();
        for (int i = 0; i < 4; i++) {
            ground.passes(ground.dueIn(outTradeNo).plusSeconds(1));
            instance.asks();
            gaps.add(ground.dueIn(outTradeNo));
        }

        assertThat(gaps).isSorted();
        assertThat(gaps.getFirst()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(100));
        assertThat(gaps.getLast()).isBetween(Duration.ofMinutes(30), Duration.ofMinutes(46));
        assertThat(questions.about(outTradeNo))
                .hasSize(4)
                .allMatch(question -> question.answer() == ProviderSays.OPEN
                        && question.detail().equals("NOTPAY"));

        // The next gap would be two hours: it has expired by then.
        ground.passes(ground.dueIn(outTradeNo).plusSeconds(1));
        instance.asks();
        assertThat(ground.dueIn(outTradeNo)).isLessThan(Duration.ofHours(1).plusMinutes(10));
        assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.PENDING);
    }

    @Test
    void what_was_paid_meanwhile_is_not_asked_about() {
        var outTradeNo = ground.orderedAtTheBank();
        till.paidInSilence(outTradeNo);
        bank.calmDown();
        ground.aMinutePasses();

        assertThat(ground.instance().asks()).isZero();

        assertThat(bank.calls()).isEmpty();
        assertThat(ground.isAwaited(outTradeNo)).isFalse();
        assertThat(questions.about(outTradeNo)).isEmpty();
    }

    @Test
    void what_the_shop_ordered_itself_is_never_asked_about() {
        var outTradeNo = ground.external(null);
        var withTerm = ground.external(Duration.ofHours(1));
        ground.aMinutePasses();

        ground.instance().asks();

        assertThat(bank.calls()).isEmpty();
        assertThat(ground.isAwaited(outTradeNo)).isFalse();
        assertThat(ground.dueIn(withTerm)).isGreaterThan(Duration.ofMinutes(50));
    }

    @Test
    void a_payment_that_was_rolled_back_is_not_awaited() {
        int before = awaited();

        assertThatThrownBy(() -> payments.open(RequestId.fresh(ground.clock()), Till.atTheBank(), () -> {
                    throw new IllegalStateException("not payable any more");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(awaited()).isEqualTo(before);
    }

    @Test
    void an_answer_that_does_not_fit_changes_nothing_and_is_seen() {
        var outTradeNo = ground.orderedAtTheBank();
        bank.onQuery(() -> Optional.of(new Fact.Paid(
                outTradeNo,
                new Claim(Map.of()),
                "B1",
                Money.fen(1),
                ground.clock().instant())));
        ground.aMinutePasses();

        ground.instance().asks();

        assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.PENDING);
        assertThat(questions.about(outTradeNo).getFirst().outcome()).isEqualTo(Outcome.MISMATCH);
        assertThat(ground.isAwaited(outTradeNo)).isTrue();
    }

    @Test
    void no_usable_answer_is_asked_for_again_within_minutes_and_kept_with_its_reason() {
        var outTradeNo = ground.orderedAtWeChatPay();
        weChatPay.down(true);
        var instance = ground.instance();
        for (int i = 0; i < 6; i++) {
            ground.passes(ground.dueIn(outTradeNo).plusSeconds(1));
            instance.asks();
            assertThat(ground.dueIn(outTradeNo)).isLessThan(Duration.ofMinutes(6));
        }

        assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.PENDING);
        assertThat(questions.about(outTradeNo))
                .hasSize(6)
                .allMatch(question -> question.answer() == ProviderSays.UNCLEAR
                        && question.detail().contains("SYSTEM_ERROR"));

        weChatPay.down(false);
        weChatPay.takesMoneyFor(outTradeNo);
        ground.passes(ground.dueIn(outTradeNo).plusSeconds(1));
        instance.asks();
        assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.PAID);
    }

    @Test
    void an_account_without_keys_to_ask_with_is_unclear_and_no_end_of_the_world() {
        var outTradeNo = ground.orderedAtTheBank();
        bank.onQuery(() -> {
            throw Refusal.conflict("account-cannot-order", "no keys");
        });
        ground.aMinutePasses();

        assertThat(ground.instance().asks()).isEqualTo(1);

        assertThat(questions.about(outTradeNo).getFirst().answer()).isEqualTo(ProviderSays.UNCLEAR);
        assertThat(ground.isAwaited(outTradeNo)).isTrue();
    }

    @Test
    void one_that_cannot_be_asked_about_keeps_nobody_else_waiting() {
        var poisoned = ground.orderedAtTheBank();
        var other = ground.orderedAtTheBank();
        bank.takesMoneyFor(other);
        bank.onQuery(() -> {
            bank.onQuery(null);
            throw new IllegalStateException("before\0after" + "x".repeat(5000));
        });
        ground.aMinutePasses();

        assertThat(ground.instance().asks()).isEqualTo(2);

        assertThat(payments.get(other).state()).isEqualTo(PaymentState.PAID);
        assertThat(questions.about(poisoned).getFirst().answer()).isEqualTo(ProviderSays.UNCLEAR);
        assertThat(questions.about(poisoned).getFirst().detail())
                .startsWith("before")
                .hasSize(500);
        assertThat(ground.isAwaited(poisoned)).isTrue();
    }

    @Test
    void instances_at_the_same_time_ask_about_each_payment_once() throws Exception {
        var numbers = new ArrayList<String>();
        for (int i = 0; i < 60; i++) {
            numbers.add(ground.orderedAtTheBank());
        }
        bank.calmDown();
        ground.aMinutePasses();
        var settings = AskingSettingsTests.settings(Map.of("tallyhook.asking.per-second", "1000"));
        atOnce(ground.instance(settings), ground.instance(settings), ground.instance(settings));
        // Those that were locked by another instance at that moment are met by the next look.
        ground.instance(settings).asks();
        ground.instance(settings).asks();
        ground.instance(settings).asks();

        assertThat(bank.calls()).doesNotHaveDuplicates().hasSize(60);
        assertThat(new HashSet<>(bank.calls()))
                .isEqualTo(new HashSet<>(
                        numbers.stream().map(number -> "query " + number).toList()));
    }

    @Test
    void all_instances_together_ask_an_account_no_more_than_so_often_a_second() throws Exception {
        for (int i = 0; i < 25; i++) {
            ground.orderedAtTheBank();
        }
        bank.calmDown();
        ground.aMinutePasses();
        ground.timeStops();
        var settings = AskingSettingsTests.settings(Map.of("tallyhook.asking.per-second", "10"));

        atOnce(ground.instance(settings), ground.instance(settings), ground.instance(settings));
        assertThat(bank.calls()).hasSize(10);
        ground.passes(Duration.ofSeconds(1));
        atOnce(ground.instance(settings), ground.instance(settings), ground.instance(settings));
        assertThat(bank.calls()).hasSize(20);
    }

    @Test
    void a_clock_that_is_behind_does_not_double_the_budget() {
        for (int i = 0; i < 15; i++) {
            ground.orderedAtTheBank();
        }
        bank.calmDown();
        ground.aMinutePasses();
        ground.timeStops();
        var settings = AskingSettingsTests.settings(Map.of("tallyhook.asking.per-second", "10"));

        ground.instance(settings).asks();
        ground.passes(Duration.ofSeconds(-5));
        ground.instance(settings).asks();

        assertThat(bank.calls()).hasSize(10);
    }

    @Test
    void what_is_over_goes_in_masses_and_costs_no_budget() {
        var settings = AskingSettingsTests.settings(
                Map.of("tallyhook.asking.per-second", "1", "tallyhook.asking.parallel", "1"));
        jdbc.sql("""
                        INSERT INTO payment.payment
                          (out_trade_no, purpose, reference, user_id, shard, provider, account, method, description,
                           amount, currency, created_at, state, closed_at)
                        SELECT 'OVER-' || n || '-' || :run, 'GOODS', 'OVER' || n, 'u', 0, 'bank', 'main', 'till', 'x', 1, 'CNY',
                               now(), 'CLOSED', now()
                        FROM generate_series(1, 500) n
                        """).param("run", System.nanoTime() % 1_000_000).update();
        jdbc.sql("""
                        INSERT INTO payment.asking (out_trade_no, provider, account, askable, next_ask_at)
                        SELECT out_trade_no, provider, account, true, now() - interval '1 h'
                        FROM payment.payment WHERE out_trade_no LIKE 'OVER-%'
                        """).update();
        var pending = ground.orderedAtTheBank();
        bank.calmDown();
        ground.aMinutePasses();

        ground.instance(settings).asks();

        assertThat(bank.calls()).containsExactly("query " + pending);
        assertThat(awaited()).isEqualTo(1);
    }

    @Test
    void a_provider_that_does_not_answer_holds_up_no_other_and_is_not_asked_without_bound() throws Exception {
        var never = new CountDownLatch(1);
        for (int i = 0; i < 5; i++) {
            ground.orderedAtTheBank();
        }
        var elsewhere = ground.orderedAtWeChatPay();
        weChatPay.takesMoneyFor(elsewhere);
        bank.calmDown();
        bank.onQuery(() -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new ProviderUnclear("too late", null);
        });
        ground.aMinutePasses();
        var running = ground.instance(AskingSettingsTests.settings(Map.of("tallyhook.asking.parallel", "2")))
                .running();
        running.start();
        try {
            running.begin();
            running.begin();

            await().atMost(PATIENCE).until(() -> payments.get(elsewhere).state() == PaymentState.PAID);
            assertThat(running.begin()).isZero();
            await().atMost(PATIENCE).until(() -> bank.calls().size() == 2);
        } finally {
            never.countDown();
            running.stop();
        }
        assertThat(bank.calls()).hasSize(2);
    }

    @Test
    void what_was_hurried_is_done_without_waiting_for_the_next_second() {
        var outTradeNo = ground.orderedAtTheBank();
        bank.takesMoneyFor(outTradeNo);
        ground.aMinutePasses();
        var running = ground.instance().running();
        running.start();
        try {
            running.soon();
            await().atMost(PATIENCE).until(() -> payments.get(outTradeNo).state() == PaymentState.PAID);
        } finally {
            running.stop();
        }
    }

    @Test
    void one_that_is_stopping_begins_nothing() {
        var outTradeNo = ground.orderedAtTheBank();
        bank.calmDown();
        ground.aMinutePasses();
        var running = ground.instance().running();
        running.start();
        running.stop();

        running.tick();
        running.soon();

        assertThat(bank.calls()).isEmpty();
        assertThat(ground.isAwaited(outTradeNo)).isTrue();
    }

    /** Crash point: claimed, not asked. */
    @Test
    void what_a_killed_instance_had_claimed_is_asked_when_its_lease_ends_and_not_before() {
        var outTradeNo = ground.orderedAtTheBank();
        bank.takesMoneyFor(outTradeNo);
        bank.calmDown();
        ground.aMinutePasses();
        ground.timeStops();
        assertThat(ground.instance().isKilledAfterClaiming()).isEqualTo(1);

        ground.passes(Duration.ofSeconds(55));
        assertThat(ground.instance().asks()).isZero();
        assertThat(questions.about(outTradeNo).getFirst().answer()).isNull();

        ground.passes(Duration.ofSeconds(10));
        assertThat(ground.instance().asks()).isEqualTo(1);
        assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.PAID);
    }

    /** Crash point: asked and booked, the answer not written down. */
    @Test
    void what_was_booked_before_the_kill_is_booked_once_and_the_lost_answer_is_seen() {
        var outTradeNo = ground.orderedAtTheBank();
        bank.takesMoneyFor(outTradeNo);
        ground.aMinutePasses();
        ground.instance().isKilledAfterClaiming();
        provider.query("bank", "main", outTradeNo);
        bank.calmDown();

        ground.passes(Duration.ofMinutes(2));
        ground.instance().asks();

        assertThat(bank.calls()).isEmpty();
        assertThat(ground.isAwaited(outTradeNo)).isFalse();
        assertThat(till.settled(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(till.handedOut(outTradeNo)).isEqualTo(1);
        assertThat(questions.about(outTradeNo)).hasSize(1).allMatch(question -> question.answer() == null);
    }

    /** Crash point: asked, not booked. */
    @Test
    void an_answer_that_was_lost_with_its_thread_is_asked_for_again() {
        var outTradeNo = ground.orderedAtTheBank();
        bank.takesMoneyFor(outTradeNo);
        bank.onQuery(() -> {
            throw new AssertionError("killed");
        });
        ground.aMinutePasses();
        assertThatThrownBy(() -> ground.instance().asks()).isInstanceOf(AssertionError.class);
        bank.calmDown();

        ground.passes(Duration.ofMinutes(2));
        ground.instance().asks();

        assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.PAID);
    }

    @Test
    void a_person_asks_at_once_and_is_recorded() {
        var outTradeNo = ground.orderedAtWeChatPay();
        weChatPay.takesMoneyFor(outTradeNo);

        var answer = payments.ask(outTradeNo, "mei");

        assertThat(answer.says()).isEqualTo(ProviderSays.PAID);
        assertThat(answer.outcome()).isEqualTo(Outcome.CONFIRMED);
        assertThat(payments.get(outTradeNo).state()).isEqualTo(PaymentState.PAID);
        assertThat(payments.questions(outTradeNo))
                .singleElement()
                .matches(question -> question.why() == Why.PERSON && question.answer() == ProviderSays.PAID);
        assertThat(interventions(outTradeNo)).containsExactly("mei ASK_PROVIDER answered PAID, CONFIRMED");
    }

    @Test
    void a_person_can_ask_about_a_closed_payment_and_find_late_money() {
        var outTradeNo = ground.orderedAtTheBank();
        payments.close(outTradeNo);
        bank.takesMoneyFor(outTradeNo);

        assertThat(payments.ask(outTradeNo, "mei").outcome()).isEqualTo(Outcome.LATE);
    }

    @Test
    void asking_about_a_paid_one_again_changes_nothing() {
        var outTradeNo = ground.orderedAtTheBank();
        bank.takesMoneyFor(outTradeNo);
        payments.ask(outTradeNo, "mei");
        var paid = till.settled(outTradeNo);

        assertThat(payments.ask(outTradeNo, "mei").outcome()).isEqualTo(Outcome.DUPLICATE);
        assertThat(payments.get(outTradeNo)).isEqualTo(paid);
    }

    @Test
    void where_we_ordered_nothing_there_is_nobody_to_ask() {
        var outTradeNo = ground.external(null);

        var refusal = catchThrowableOfType(Refusal.class, () -> payments.ask(outTradeNo, "mei"));

        assertThat(refusal.type()).isEqualTo("nobody-to-ask");
        assertThat(bank.calls()).isEmpty();
        assertThat(interventions(outTradeNo)).isEmpty();
    }

    @Test
    void nobody_is_asked_in_a_transaction() {
        var outTradeNo = ground.orderedAtTheBank();
        bank.calmDown();

        assertThatThrownBy(
                        () -> new TransactionTemplate(transactions).execute(status -> payments.ask(outTradeNo, "mei")))
                .isInstanceOf(IllegalStateException.class);
        assertThat(bank.calls()).isEmpty();
    }

    private void atOnce(Asker... instances) throws Exception {
        var gate = new CountDownLatch(1);
        try (var threads = Executors.newFixedThreadPool(instances.length)) {
            var all = new ArrayList<Callable<Integer>>();
            for (var instance : instances) {
                all.add(() -> {
                    gate.await();
                    return instance.asks();
                });
            }
            var running = all.stream().map(threads::submit).toList();
            gate.countDown();
            for (var one : running) {
                one.get();
            }
        }
    }

    private int awaited() {
        return jdbc.sql("SELECT count(*) FROM payment.asking")
                .query(Integer.class)
                .single();
    }

    private List<@Nullable String> interventions(String outTradeNo) {
        return jdbc.sql(
                        "SELECT actor || ' ' || action || ' ' || result FROM payment.intervention WHERE out_trade_no = :no ORDER BY id")
                .param("no", outTradeNo)
                .query(String.class)
                .list();
    }
}
