package io.tallyhook.payment.booking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.tallyhook.payment.Door;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Till;
import io.tallyhook.payment.callback.CallbackFilter;
import io.tallyhook.payment.callback.CallbackLine;
import io.tallyhook.payment.callback.Callbacks;
import io.tallyhook.payment.provider.CallbackProtocol;
import io.tallyhook.payment.provider.Check;
import io.tallyhook.payment.provider.Claim;
import io.tallyhook.payment.provider.Fact;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.TestAccounts;
import tallyhook.testing.WeChatNotification;

/** Groups, concurrency, and what one trouble does to the others. */
@PaymentModuleTest
class IntakeIntegrationTests {

    private static final IntakeSettings DEFAULTS = new Binder(new MapConfigurationPropertySource(Map.of()))
            .bindOrCreate("tallyhook.intake", IntakeSettings.class);

    private final Intake intake;
    private final ConfirmPayments confirmPayments;
    private final PlatformTransactionManager transactions;
    private final TransactionTemplate transaction;
    private final List<CallbackProtocol> protocols;
    private final Callbacks callbacks;
    private final Door door;
    private final Till till;
    private final JdbcClient jdbc;
    private final List<Intake> started = new ArrayList<>();

    IntakeIntegrationTests(
            Intake intake,
            ConfirmPayments confirmPayments,
            PlatformTransactionManager transactions,
            List<CallbackProtocol> protocols,
            Callbacks callbacks,
            Door door,
            Till till,
            JdbcClient jdbc) {
        this.intake = intake;
        this.confirmPayments = confirmPayments;
        this.transactions = transactions;
        this.transaction = new TransactionTemplate(transactions);
        this.protocols = protocols;
        this.callbacks = callbacks;
        this.door = door;
        this.till = till;
        this.jdbc = jdbc;
    }

    @AfterEach
    void stopWhatWasStarted() {
        started.forEach(Intake::stop);
    }

    @Test
    void a_delivery_waits_four_seconds_and_no_longer_as_providers_give_up_after_five() {
        assertThat(DEFAULTS).isEqualTo(new IntakeSettings(10_000, 128, Duration.ofSeconds(4)));
    }

    /** c17: check outside of the lock, callback and sweep and page at once, ... */
    @Test
    void thirty_two_deliveries_at_once_from_all_sources_confirm_once() throws Exception {
        var outTradeNo = till.opened("wechat");
        var paid = WeChatNotification.paid(outTradeNo, 1999).transactionId("4200032");
        // Something to replay: it came when the payment could not be booked.
        var stored = storedButNotBooked(outTradeNo, paid);
        var fact = new Fact.Paid(outTradeNo, us(), "4200032", Money.fen(1999), now());
        var sources = new ArrayList<Callable<String>>();
        for (int i = 0; i < 8; i++) {
            var repeat = paid.id("EV-32-" + i);
            sources.add(() -> door.send(repeat).body());
            sources.add(() -> door.send(paid).body());
            sources.add(
                    () -> intake.bookAnswer("wechat", "main", fact).outcome().name());
            sources.add(() -> callbacks.replay(stored, "a person").outcome().name());
        }

        var answers = together(sources);

        assertThat(answers).hasSize(32);
        assertThat(answers.stream().filter("{\"code\":\"SUCCESS\"}"::equals)).hasSize(16);
        assertThat(answers).containsOnly("{\"code\":\"SUCCESS\"}", "CONFIRMED", "DUPLICATE");
        long byCallback =
                outcomes(outTradeNo).stream().filter("CONFIRMED"::equals).count();
        long otherwise = answers.stream().filter("CONFIRMED"::equals).count();
        assertThat(byCallback + otherwise).isEqualTo(1);
        assertThat(till.settled(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(till.listener().heardOf(outTradeNo)).isEqualTo(1);
        assertThat(till.handedOut(outTradeNo)).isEqualTo(1);
    }

    private String storedButNotBooked(String outTradeNo, WeChatNotification paid) {
        door.send(paid.amount(1).id("EV-wrong"));
        var line = callbacks
                .search(CallbackFilter.of(outTradeNo), Paging.of(null, null))
                .items()
                .getFirst();
        // The stored delivery does not fit, so put the right body and signature in its place.
        var right = paid.toDelivery();
        jdbc.sql(
                        "UPDATE payment.callback SET body = :body, headers = headers || jsonb_build_object('wechatpay-signature', :signature::text, 'wechatpay-timestamp', :timestamp::text) WHERE id = :id")
                .param("body", right.body())
                .param("signature", right.headers().get("wechatpay-signature"))
                .param("timestamp", right.headers().get("wechatpay-timestamp"))
                .param("id", line.callbackId())
                .update();
        return line.callbackId().toString();
    }

    @Test
    void many_payments_in_few_groups_are_each_booked_once() throws Exception {
        var numbers = new ArrayList<String>();
        for (int i = 0; i < 40; i++) {
            numbers.add(till.opened("wechat"));
        }
        var sources = new ArrayList<Callable<String>>();
        for (var outTradeNo : numbers) {
            for (int i = 0; i < 3; i++) {
                sources.add(() -> intake.bookAnswer("wechat", "main", paid(outTradeNo))
                        .outcome()
                        .name());
            }
        }

        var answers = together(sources);

        assertThat(answers.stream().filter("CONFIRMED"::equals)).hasSize(40);
        assertThat(answers.stream().filter("DUPLICATE"::equals)).hasSize(80);
        for (var outTradeNo : numbers) {
            till.settled(outTradeNo);
            assertThat(till.handedOut(outTradeNo)).isEqualTo(1);
        }
    }

    @Test
    void two_deliveries_of_one_payment_in_one_group_are_confirmed_and_duplicate() {
        var outTradeNo = till.opened("wechat");

        var decisions = inOneGroup(List.of(paid(outTradeNo), paid(outTradeNo)));

        assertThat(decisions).extracting(Decision::outcome).containsExactly(Outcome.CONFIRMED, Outcome.DUPLICATE);
        till.settled(outTradeNo);
        assertThat(till.handedOut(outTradeNo)).isEqualTo(1);
    }

    @Test
    void a_payment_that_is_paid_and_refunded_in_one_group_is_not_handed_out() {
        var outTradeNo = till.opened("wechat");

        var decisions = inOneGroup(
                List.of(paid(outTradeNo), refunded(outTradeNo, "R1", 1000), refunded(outTradeNo, "R2", 999)));

        assertThat(decisions)
                .extracting(Decision::outcome)
                .containsExactly(Outcome.CONFIRMED, Outcome.REFUND_CONFIRMED, Outcome.REFUND_CONFIRMED);
        assertThat(till.payment(outTradeNo).state()).isEqualTo(PaymentState.REFUNDED);
        assertThat(till.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.CANCELLED);
        assertThat(till.payment(outTradeNo).refundedAmount()).isEqualTo(1999);
        assertThat(till.handedOut(outTradeNo)).isZero();
    }

    @Test
    void a_poisoned_member_of_a_group_harms_nobody_else() throws Exception {
        var good = List.of(till.opened("wechat"), till.opened("wechat"), till.opened("wechat"), till.opened("wechat"));
        var poisoned = till.opened("wechat");
        refuseInTheDatabase(poisoned);
        var all = new ArrayList<>(good);
        all.add(2, poisoned);
        var waiting = all.stream().map(outTradeNo -> waiting(paid(outTradeNo))).toList();

        new BookGroup(confirmPayments, transactions).book(waiting);

        for (var one : waiting) {
            if (one.booking().fact().outTradeNo().equals(poisoned)) {
                assertThat(one.answer()).isCompletedExceptionally();
                assertThatThrownBy(() -> one.answer().join()).hasCauseInstanceOf(DataIntegrityViolationException.class);
            } else {
                assertThat(one.answer().join().outcome()).isEqualTo(Outcome.CONFIRMED);
            }
        }
        for (var outTradeNo : good) {
            till.settled(outTradeNo);
            assertThat(till.handedOut(outTradeNo)).isEqualTo(1);
            assertThat(till.listener().heardOf(outTradeNo)).isEqualTo(1);
        }
        assertThat(till.payment(poisoned).state()).isEqualTo(PaymentState.PENDING);
        assertThat(till.listener().heardOf(poisoned)).isZero();
    }

    @Test
    void a_poisoned_delivery_is_told_to_come_again_and_is_booked_when_it_is_healed() {
        var outTradeNo = till.opened("wechat");
        refuseInTheDatabase(outTradeNo);
        var paid = WeChatNotification.paid(outTradeNo, 1999);

        assertThat(door.send(paid).statusCode()).isEqualTo(503);
        assertThat(outcomes(outTradeNo)).isEmpty();
        acceptInTheDatabase();

        assertThat(door.send(paid).statusCode()).isEqualTo(200);
        assertThat(outcomes(outTradeNo)).containsExactly("CONFIRMED");
    }

    /** One member whose own writer fails is as poisoned as one that the database refuses. */
    @Test
    void a_member_that_our_own_code_fails_on_harms_nobody_else() {
        var good = till.opened("wechat");
        var bad = till.opened("wechat");
        var broken = new Waiting(
                booking(paid(bad)),
                "",
                group -> {
                    throw new IllegalStateException("a bug");
                },
                new CompletableFuture<>());
        var fine = waiting(paid(good));

        new BookGroup(confirmPayments, transactions).book(List.of(broken, fine));

        assertThat(fine.answer().join().outcome()).isEqualTo(Outcome.CONFIRMED);
        assertThatThrownBy(() -> broken.answer().join()).hasRootCauseMessage("a bug");
        assertThat(till.payment(bad).state()).isEqualTo(PaymentState.PENDING);
    }

    @Test
    void a_full_queue_refuses_at_once() throws Exception {
        var small = started(new IntakeSettings(2, 1, Duration.ofSeconds(20)));
        var locked = till.opened("wechat");
        var more = List.of(till.opened("wechat"), till.opened("wechat"));
        var tooMuch = till.opened("wechat");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var taken = new ArrayList<CompletableFuture<Decision>>();
            transaction.executeWithoutResult(status -> {
                lock(locked);
                taken.add(CompletableFuture.supplyAsync(() -> book(small, locked), threads));
                await().until(this::somebodyWaitsForALock);
                more.forEach(outTradeNo -> taken.add(queued(small, outTradeNo)));

                assertThatThrownBy(() -> book(small, tooMuch))
                        .isInstanceOf(IntakeUnavailable.class)
                        .hasMessageContaining("the queue is full");
            });

            // Those that had a place are booked.
            for (var one : taken) {
                assertThat(one.get(10, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.CONFIRMED);
            }
        }
        assertThat(till.payment(tooMuch).state()).isEqualTo(PaymentState.PENDING);
    }

    /** A booking that has its place in the queue when this returns: nothing else makes its thread wait. */
    private CompletableFuture<Decision> queued(Intake intake, String outTradeNo) {
        var decision = new CompletableFuture<Decision>();
        var thread = Thread.ofVirtual().start(() -> decision.complete(book(intake, outTradeNo)));
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        return decision;
    }

    @Test
    void who_gave_up_waiting_before_he_was_taken_is_not_booked_for_nobody() throws Exception {
        var impatient = started(new IntakeSettings(10, 1, Duration.ofMillis(300)));
        var locked = till.opened("wechat");
        var behind = till.opened("wechat");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = new CompletableFuture<Throwable>();
            transaction.executeWithoutResult(status -> {
                lock(locked);
                threads.execute(() -> first.complete(thrownBy(() -> book(impatient, locked))));
                await().until(this::somebodyWaitsForALock);
                assertThatThrownBy(() -> book(impatient, behind)).isInstanceOf(IntakeUnavailable.class);
            });
            assertThat(first.get(5, TimeUnit.SECONDS)).isInstanceOf(IntakeUnavailable.class);
        }

        // The one that was being booked is booked, nobody was promised anything; its repeat is a duplicate.
        await().until(() -> till.payment(locked).state() == PaymentState.PAID);
        assertThat(book(started(DEFAULTS), locked).outcome()).isEqualTo(Outcome.DUPLICATE);
        assertThat(till.payment(behind).state()).isEqualTo(PaymentState.PENDING);
    }

    @Test
    void what_was_taken_is_finished_on_shutdown_and_nothing_new_is_taken() throws Exception {
        var stopping = started(DEFAULTS);
        var numbers = List.of(till.opened("wechat"), till.opened("wechat"), till.opened("wechat"));
        var tooLate = till.opened("wechat");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var taken = new ArrayList<CompletableFuture<Decision>>();
            var stopped = new CompletableFuture<Boolean>();
            transaction.executeWithoutResult(status -> {
                lock(numbers.getFirst());
                taken.add(CompletableFuture.supplyAsync(() -> book(stopping, numbers.getFirst()), threads));
                await().until(this::somebodyWaitsForALock);
                for (var outTradeNo : numbers.subList(1, 3)) {
                    taken.add(CompletableFuture.supplyAsync(() -> book(stopping, outTradeNo), threads));
                }
                threads.execute(() -> {
                    stopping.stop();
                    stopped.complete(true);
                });
                await().until(() -> !stopping.isRunning());
                assertThatThrownBy(() -> book(stopping, tooLate))
                        .isInstanceOf(IntakeUnavailable.class)
                        .hasMessageContaining("we are stopping");
            });
            assertThat(taken.getFirst().get(5, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.CONFIRMED);
            assertThat(stopped.get(6, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(till.payment(numbers.getFirst()).state()).isEqualTo(PaymentState.PAID);
    }

    /** Nothing in a group is promised while it is not known whether it is committed. */
    @Test
    void trouble_with_the_database_is_told_to_all_of_the_group() {
        var numbers = List.of(till.opened("wechat"), till.opened("wechat"));
        var waiting = numbers.stream()
                .map(outTradeNo -> new Waiting(
                        booking(paid(outTradeNo)),
                        "",
                        group -> jdbc.sql("SELECT pg_terminate_backend(pg_backend_pid())")
                                .query(Boolean.class)
                                .single(),
                        new CompletableFuture<>()))
                .toList();

        new BookGroup(confirmPayments, transactions).book(waiting);

        waiting.forEach(one -> assertThat(one.answer()).isCompletedExceptionally());
        numbers.forEach(
                outTradeNo -> assertThat(till.payment(outTradeNo).state()).isEqualTo(PaymentState.PENDING));
    }

    @Test
    void an_answer_of_a_provider_that_does_not_fit_books_nothing() {
        var outTradeNo = till.opened("wechat");
        var fact = new Fact.Paid(outTradeNo, us(), "4200", Money.fen(1), now());

        assertThat(intake.bookAnswer("wechat", "main", fact).outcome()).isEqualTo(Outcome.MISMATCH);
        assertThat(till.payment(outTradeNo).state()).isEqualTo(PaymentState.PENDING);
    }

    private List<Decision> inOneGroup(List<Fact> facts) {
        var waiting = facts.stream().map(IntakeIntegrationTests::waiting).toList();
        new BookGroup(confirmPayments, transactions).book(waiting);
        return waiting.stream().map(one -> one.answer().join()).toList();
    }

    private Intake started(IntakeSettings settings) {
        var own = new Intake(confirmPayments, transactions, settings, protocols);
        own.start();
        started.add(own);
        return own;
    }

    private static Decision book(Intake intake, String outTradeNo) {
        return intake.book(booking(paid(outTradeNo)), "", Intake.Alongside.NOTHING);
    }

    private static Throwable thrownBy(Runnable something) {
        return catchThrowable(something::run);
    }

    private void lock(String outTradeNo) {
        jdbc.sql("SELECT 1 FROM payment.payment WHERE out_trade_no = :outTradeNo FOR UPDATE")
                .param("outTradeNo", outTradeNo)
                .query(Integer.class)
                .single();
    }

    private boolean somebodyWaitsForALock() {
        return jdbc.sql(
                        "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
                .query(Boolean.class)
                .single();
    }

    private void refuseInTheDatabase(String outTradeNo) {
        jdbc.sql("""
                        CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN RAISE EXCEPTION 'poisoned' USING ERRCODE = 'check_violation'; END $$
                        """).update();
        jdbc.sql(
                        "CREATE TRIGGER poison BEFORE UPDATE ON payment.payment FOR EACH ROW WHEN (OLD.out_trade_no = '%s') EXECUTE FUNCTION poison()"
                                .formatted(outTradeNo))
                .update();
    }

    @AfterEach
    void acceptInTheDatabase() {
        jdbc.sql("DROP TRIGGER IF EXISTS poison ON payment.payment").update();
        jdbc.sql("DROP FUNCTION IF EXISTS poison").update();
    }

    private List<String> outcomes(String outTradeNo) {
        return callbacks.search(CallbackFilter.of(outTradeNo), Paging.of(200, null)).items().stream()
                .map(CallbackLine::outcome)
                .map(Outcome::name)
                .toList();
    }

    private static List<String> together(List<Callable<String>> sources) throws Exception {
        var gate = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = sources.stream()
                    .map(source -> threads.submit(() -> {
                        gate.await();
                        return source.call();
                    }))
                    .toList();
            gate.countDown();
            var all = new ArrayList<String>();
            for (var answer : answers) {
                all.add(answer.get(20, TimeUnit.SECONDS));
            }
            return all;
        }
    }

    private static Waiting waiting(Fact fact) {
        return new Waiting(booking(fact), "", Intake.Alongside.NOTHING, new CompletableFuture<>());
    }

    private static Booking booking(Fact fact) {
        return new Booking("wechat", "main", us(), fact);
    }

    private static Fact paid(String outTradeNo) {
        return new Fact.Paid(outTradeNo, us(), "4200" + outTradeNo, Money.fen(1999), now());
    }

    private static Fact refunded(String outTradeNo, String refundNo, long fen) {
        return new Fact.Refunded(
                outTradeNo,
                us(),
                Fact.RefundResult.SUCCEEDED,
                "4200" + outTradeNo,
                refundNo,
                "5030" + refundNo,
                Money.fen(fen),
                null,
                Money.fen(1999),
                now());
    }

    private static Claim us() {
        var account = TestAccounts.weChat();
        return new Claim(Map.of(Check.APP_ID, account.appId(), Check.MERCHANT_ID, account.mchId()));
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }
}
