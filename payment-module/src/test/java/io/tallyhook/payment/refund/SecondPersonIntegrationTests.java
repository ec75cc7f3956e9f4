package io.tallyhook.payment.refund;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.tallyhook.payment.Door;
import io.tallyhook.payment.Entitlement.Line;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.GoodsTakenBack;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.MoodyBank;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.PaymentRequest;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Purse;
import io.tallyhook.payment.Refund;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.Till;
import io.tallyhook.payment.booking.Intake;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.provider.Claim;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Fact.RefundResult;
import io.tallyhook.payment.provider.PaymentGateway.ProviderRefused;
import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.Payer;
import tallyhook.testing.RuntimeRole;

/** Above 10,000 yuan the money goes on the word of two persons; what was handed out is taken back on the first one's. */
@PaymentModuleTest
class SecondPersonIntegrationTests {

    private static final long LIMIT = 1_000_000;
    private static final long PAID = 3_000_000;

    private final RefundDesk desk;
    private final Refunds refunds;
    private final Payments payments;
    private final Payer payer;
    private final MoodyBank bank;
    private final Purse purse;
    private final GoodsTakenBack goods;
    private final Intake intake;
    private final Door door;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private String refundNo = "";

    SecondPersonIntegrationTests(
            RefundDesk desk,
            Refunds refunds,
            Payments payments,
            Payer payer,
            MoodyBank bank,
            Purse purse,
            GoodsTakenBack goods,
            Intake intake,
            Door door,
            JdbcClient jdbc,
            PlatformTransactionManager transactions) {
        this.desk = desk;
        this.refunds = refunds;
        this.payments = payments;
        this.payer = payer;
        this.bank = bank;
        this.purse = purse;
        this.goods = goods;
        this.intake = intake;
        this.door = door;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    @BeforeEach
    void anotherNumber() {
        refundNo = RefundDesk.number();
    }

    @AfterEach
    void everythingIsFineAgain() {
        bank.calmDown();
        purse.calmDown();
        goods.recover();
    }

    @Test
    void up_to_the_limit_one_person_is_enough() {
        var outTradeNo = handedOut();

        var refund = desk.ask(outTradeNo, refundNo, LIMIT);

        assertThat(refund.state()).isEqualTo("SUCCEEDED");
        assertThat(refund.needsApproval()).isFalse();
    }

    @Test
    void above_it_what_was_handed_out_is_taken_back_and_nothing_is_sent() {
        var outTradeNo = handedOut();

        var refund = desk.ask(outTradeNo, refundNo, LIMIT + 1);

        waits(outTradeNo, refund);
        assertThat(goods.done(refundNo)).containsExactly("take");
        assertThat(desk.payment(outTradeNo).state()).isEqualTo(PaymentState.PAID);
        assertThat(desk.ask(outTradeNo, refundNo, LIMIT + 1)).isEqualTo(refund);
        assertThat(goods.done(refundNo)).containsExactly("take");
    }

    @Test
    void what_was_not_handed_out_yet_is_kept_from_it_while_it_waits() {
        var outTradeNo = opened().outTradeNo();
        paidInSilence(outTradeNo);

        waits(outTradeNo, desk.ask(outTradeNo, refundNo, PAID));

        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.PARKED);
        refunds.reject(outTradeNo, refundNo, "jun", "handed out after all");
        desk.unwound(outTradeNo, refundNo);
        assertThat(desk.payment(outTradeNo).fulfilment()).isIn(FulfilmentState.PENDING, FulfilmentState.SUCCEEDED);
    }

    @Test
    void it_cannot_be_split() {
        var outTradeNo = handedOut();
        var failed = RefundDesk.number();
        bank.onRefund(failed, order -> {
            throw new ProviderRefused("NO", "no");
        });
        assertThat(desk.ask(outTradeNo, failed, LIMIT).state()).isEqualTo("FAILED");
        assertThat(desk.ask(outTradeNo, RefundDesk.number(), LIMIT / 2).state()).isEqualTo("SUCCEEDED");
        assertThat(desk.ask(outTradeNo, RefundDesk.number(), LIMIT / 2).state()).isEqualTo("SUCCEEDED");

        waits(outTradeNo, desk.ask(outTradeNo, refundNo, 1));
    }

    @Test
    void it_cannot_be_split_at_the_same_moment_either() throws Exception {
        var outTradeNo = handedOut();

        together(IntStream.range(0, 4)
                .mapToObj(i -> (Callable<String>) () ->
                        desk.ask(outTradeNo, RefundDesk.number(), LIMIT / 2).state())
                .toList());

        assertThat(refunds.of(outTradeNo))
                .hasSize(4)
                .filteredOn(Refund::awaitsApproval)
                .hasSize(2);
        assertThat(desk.payment(outTradeNo).refundedAmount()).isEqualTo(LIMIT);
    }

    @Test
    void neither_the_sweep_nor_trying_again_sends_it() {
        var outTradeNo = handedOut();
        desk.ask(outTradeNo, refundNo, PAID);

        desk.sweepsAtOnce(3);
        var refusal = refused(() -> refunds.tryAgain(outTradeNo, refundNo, "jun"));

        assertThat(refusal.type()).isEqualTo("refund-awaits-approval");
        waits(outTradeNo, desk.refund(outTradeNo, refundNo));
        assertThat(deeds(outTradeNo)).isEmpty();
    }

    @Test
    void another_person_approves_it_and_it_is_sent_at_once() {
        var outTradeNo = handedOut();
        desk.ask(outTradeNo, refundNo, PAID);

        var refund = refunds.approve(outTradeNo, refundNo, "jun");

        assertThat(refund.state()).isEqualTo("SUCCEEDED");
        assertThat(refund.approvedBy()).isEqualTo("jun");
        assertThat(bank.callsAbout(refundNo)).containsExactly("refund");
        assertThat(bank.givenBack(refundNo)).hasValue(Money.fen(PAID));
        desk.unwound(outTradeNo, refundNo);
        assertThat(goods.done(refundNo)).containsExactly("take", "settle");
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.REVERSED);
        assertThat(waiting(outTradeNo)).isEmpty();
        assertThat(deeds(outTradeNo)).containsExactly("jun APPROVE_REFUND " + refundNo);
    }

    @Test
    void once_approved_it_is_retried_like_any_other() {
        var outTradeNo = handedOut();
        bank.onRefund(refundNo, order -> {
            throw new ProviderUnclear("no answer", null);
        });
        desk.ask(outTradeNo, refundNo, PAID);

        var refund = refunds.approve(outTradeNo, refundNo, "jun");
        assertThat(refund.state()).isEqualTo("REQUESTED");
        assertThat(refund.nextAttemptAt()).isNotNull();
        assertThat(refund.awaitsApproval()).isFalse();

        bank.onRefund(refundNo, bank::really);
        assertThat(refunds.tryAgain(outTradeNo, refundNo, "jun").state()).isEqualTo("SUCCEEDED");
    }

    @Test
    void who_has_asked_for_it_cannot_approve_it() {
        var outTradeNo = handedOut();
        desk.ask(outTradeNo, refundNo, PAID);

        var refusal = refused(() -> refunds.approve(outTradeNo, refundNo, "api:shop"));

        assertThat(refusal.type()).isEqualTo("own-refund");
        waits(outTradeNo, desk.refund(outTradeNo, refundNo));
        assertThat(deeds(outTradeNo)).isEmpty();
    }

    @Test
    void approved_by_many_at_the_same_moment_it_is_sent_once() throws Exception {
        var outTradeNo = handedOut();
        desk.ask(outTradeNo, refundNo, PAID);

        var answers = together(IntStream.range(0, 6)
                .mapToObj(i ->
                        (Callable<String>) () -> said(() -> refunds.approve(outTradeNo, refundNo, "person-" + i)))
                .toList());

        assertThat(answers).filteredOn("SUCCEEDED"::equals).hasSize(1);
        assertThat(answers).filteredOn("refund-not-waiting"::equals).hasSize(5);
        assertThat(bank.callsAbout(refundNo)).containsExactly("refund");
        assertThat(deeds(outTradeNo)).hasSize(1);
    }

    @Test
    void approved_and_rejected_at_the_same_moment_one_word_counts() throws Exception {
        var outTradeNo = handedOut();
        desk.ask(outTradeNo, refundNo, PAID);

        var answers = together(List.of(
                () -> said(() -> refunds.approve(outTradeNo, refundNo, "jun")),
                () -> said(() -> refunds.reject(outTradeNo, refundNo, "mei", "no"))));

        assertThat(answers).contains("refund-not-waiting").containsAnyOf("SUCCEEDED", "FAILED");
        boolean approved = answers.contains("SUCCEEDED");
        assertThat(desk.unwound(outTradeNo, refundNo).state()).isEqualTo(approved ? "SUCCEEDED" : "FAILED");
        assertThat(goods.done(refundNo)).containsExactly("take", approved ? "settle" : "giveBack");
        assertThat(bank.callsAbout(refundNo)).hasSize(approved ? 1 : 0);
    }

    @Test
    void rejected_it_has_failed_and_what_was_taken_is_given_back_once() {
        var outTradeNo = handedOut();
        desk.ask(outTradeNo, refundNo, PAID);

        var refund = refunds.reject(outTradeNo, refundNo, "jun", "the goods never came back");

        assertThat(refund.state()).isEqualTo("FAILED");
        assertThat(refund.error()).isEqualTo("the goods never came back");
        desk.unwound(outTradeNo, refundNo);
        assertThat(goods.done(refundNo)).containsExactly("take", "giveBack");
        assertThat(desk.payment(outTradeNo).state()).isEqualTo(PaymentState.PAID);
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(bank.callsAbout(refundNo)).isEmpty();
        assertThat(waiting(outTradeNo)).isEmpty();
        assertThat(deeds(outTradeNo)).containsExactly("jun REJECT_REFUND " + refundNo + ": the goods never came back");
        assertThat(desk.ask(outTradeNo, RefundDesk.number(), LIMIT).state()).isEqualTo("SUCCEEDED");
    }

    @Test
    void what_was_rejected_stays_so() {
        var outTradeNo = handedOut();
        desk.ask(outTradeNo, refundNo, PAID);
        refunds.reject(outTradeNo, refundNo, "jun", "no");

        assertThat(said(() -> refunds.approve(outTradeNo, refundNo, "mei"))).isEqualTo("refund-not-waiting");
        assertThat(said(() -> refunds.reject(outTradeNo, refundNo, "mei", "no")))
                .isEqualTo("refund-not-waiting");

        assertThat(desk.refund(outTradeNo, refundNo).state()).isEqualTo("FAILED");
        assertThat(bank.callsAbout(refundNo)).isEmpty();
        assertThat(deeds(outTradeNo)).hasSize(1);
    }

    @Test
    void what_was_approved_or_never_waited_cannot_be_rejected() {
        var outTradeNo = handedOut();
        var small = RefundDesk.number();
        desk.ask(outTradeNo, small, 1);
        desk.ask(outTradeNo, refundNo, LIMIT);
        refunds.approve(outTradeNo, refundNo, "jun");

        for (var number : List.of(small, refundNo)) {
            assertThat(said(() -> refunds.reject(outTradeNo, number, "mei", "no")))
                    .isEqualTo("refund-not-waiting");
            assertThat(said(() -> refunds.approve(outTradeNo, number, "mei"))).isEqualTo("refund-not-waiting");
            assertThat(desk.refund(outTradeNo, number).state()).isEqualTo("SUCCEEDED");
            assertThat(bank.callsAbout(number)).containsExactly("refund");
        }
    }

    @Test
    void who_has_asked_for_it_may_withdraw_it() {
        var outTradeNo = handedOut();
        desk.ask(outTradeNo, refundNo, PAID);

        assertThat(refunds.reject(outTradeNo, refundNo, "api:shop", "a slip").state())
                .isEqualTo("FAILED");

        assertThat(deeds(outTradeNo)).containsExactly("api:shop WITHDRAW_REFUND " + refundNo + ": a slip");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "two\nlines"})
    void a_rejection_says_why(String note) {
        var outTradeNo = handedOut();
        desk.ask(outTradeNo, refundNo, PAID);

        assertThat(refused(() -> refunds.reject(outTradeNo, refundNo, "jun", note))
                        .detail())
                .startsWith("note");

        waits(outTradeNo, desk.refund(outTradeNo, refundNo));
    }

    @Test
    void nobody_decides_on_what_does_not_exist_or_in_a_transaction() {
        var outTradeNo = handedOut();
        desk.ask(outTradeNo, refundNo, PAID);

        assertThat(said(() -> refunds.approve("P-nobody", refundNo, "jun"))).isEqualTo("not-found");
        assertThat(said(() -> refunds.approve(outTradeNo, "R-nobody", "jun"))).isEqualTo("not-found");
        assertThat(said(() -> refunds.reject(outTradeNo, "R-nobody", "jun", "no")))
                .isEqualTo("not-found");
        assertThatThrownBy(() -> transaction.execute(status -> refunds.approve(outTradeNo, refundNo, "jun")))
                .isInstanceOf(IllegalStateException.class);

        waits(outTradeNo, desk.refund(outTradeNo, refundNo));
    }

    @Test
    void a_balance_gets_nothing_back_before_the_approval_and_all_with_it() {
        var payment = fromThePurse();
        long before = purse.balance(payment.userId());

        waits(payment.outTradeNo(), desk.ask(payment.outTradeNo(), refundNo, PAID));
        assertThat(purse.balance(payment.userId())).isEqualTo(before);
        assertThat(goods.done(refundNo)).containsExactly("take");

        var refund = refunds.approve(payment.outTradeNo(), refundNo, "jun");

        assertThat(refund.state()).isEqualTo("SUCCEEDED");
        assertThat(refund.providerRefundId()).isEqualTo("B-" + refundNo);
        assertThat(purse.balance(payment.userId())).isEqualTo(before + PAID);
        assertThat(goods.done(refundNo)).containsExactly("take", "settle");
        assertThat(desk.payment(payment.outTradeNo()).fulfilment()).isEqualTo(FulfilmentState.REVERSED);
    }

    @Test
    void a_balance_that_cannot_be_given_back_leaves_it_unapproved() {
        var payment = fromThePurse();
        desk.ask(payment.outTradeNo(), refundNo, PAID);
        long before = purse.balance(payment.userId());
        purse.afterwards(number -> {
            throw new IllegalStateException("the purse is torn");
        });

        assertThatThrownBy(() -> refunds.approve(payment.outTradeNo(), refundNo, "jun"))
                .hasMessageContaining("torn");

        waits(payment.outTradeNo(), desk.refund(payment.outTradeNo(), refundNo));
        assertThat(purse.balance(payment.userId())).isEqualTo(before);
        assertThat(deeds(payment.outTradeNo())).isEmpty();
    }

    @Test
    void a_rejected_refund_to_a_balance_gives_nothing_back() {
        var payment = fromThePurse();
        long before = purse.balance(payment.userId());
        desk.ask(payment.outTradeNo(), refundNo, PAID);

        refunds.reject(payment.outTradeNo(), refundNo, "jun", "no");

        desk.unwound(payment.outTradeNo(), refundNo);
        assertThat(purse.balance(payment.userId())).isEqualTo(before);
        assertThat(goods.done(refundNo)).containsExactly("take", "giveBack");
    }

    /** Nobody can have sent it, so a message about it is somebody's mistake or worse: a person must look. */
    @ParameterizedTest
    @EnumSource(RefundResult.class)
    void a_message_about_a_refund_that_was_never_sent_does_not_fit(RefundResult result) {
        var outTradeNo = handedOut();
        desk.ask(outTradeNo, refundNo, PAID);

        assertThat(arrives(outTradeNo, result)).isEqualTo(Outcome.MISMATCH);
        waits(outTradeNo, desk.refund(outTradeNo, refundNo));
        assertThat(desk.payment(outTradeNo).refundedAmount()).isZero();

        refunds.reject(outTradeNo, refundNo, "jun", "no");
        assertThat(arrives(outTradeNo, result)).isEqualTo(Outcome.MISMATCH);
        assertThat(desk.refund(outTradeNo, refundNo).state()).isEqualTo("FAILED");
        assertThat(desk.payment(outTradeNo).refundedAmount()).isZero();
    }

    @Test
    void a_preview_says_that_a_second_person_is_needed() {
        var outTradeNo = handedOut();
        var line = Line.of("refund.preview.second-person", Money.fen(LIMIT));

        assertThat(refunds.preview(outTradeNo, LIMIT, "mei").lines()).doesNotContain(line);
        assertThat(refunds.preview(outTradeNo, LIMIT + 1, "mei").lines()).endsWith(line);
    }

    @Test
    void the_api_shows_it_as_requested() {
        var outTradeNo = handedOut();

        var answer = door.json("/api/v1/payments/%s/refunds".formatted(outTradeNo), """
                {"refundNo":"%s","amount":%d,"reason":"broken"}""".formatted(refundNo, PAID));

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.body()).isEqualTo("""
                {"refundNo":"%s","outTradeNo":"%s","state":"REQUESTED","amount":%d,"reason":"broken"}""".formatted(refundNo, outTradeNo, PAID));
    }

    /** The second net: the code does not do it, and the database does not let it happen. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            due_at = now()                                                                   | unsent_before_approval
            state = 'PROCESSING', due_at = now()                                             | unsent_before_approval
            state = 'PROCESSING'                                                             | unsent_before_approval
            state = 'SUCCEEDED', due_at = NULL, settled_at = now()                           | unsent_before_approval
            attempts = 1                                                                     | unsent_before_approval
            approved_by = requested_by, approved_at = now()                                  | approved_by_another
            approved_by = 'jun'                                                              | approval_where_needed
            approved_at = now()                                                              | approval_where_needed
            needs_approval = false                                                           | what was decided
            """)
    void the_database_lets_nothing_go_without_a_second_person(String change, String refusal) {
        var outTradeNo = handedOut();
        desk.ask(outTradeNo, refundNo, PAID);

        refuses(change, refusal);
    }

    @Test
    void the_database_lets_nobody_take_an_approval_back_or_give_it_too_late() {
        var approved = handedOut();
        desk.ask(approved, refundNo, PAID);
        refunds.approve(approved, refundNo, "jun");
        refuses("approved_by = 'mei'", "what was decided");
        refuses("approved_by = NULL, approved_at = NULL", "what was decided");

        refundNo = RefundDesk.number();
        var rejected = handedOut();
        desk.ask(rejected, refundNo, PAID);
        refunds.reject(rejected, refundNo, "jun", "no");
        refuses("approved_by = 'mei', approved_at = now()", "what was decided");
    }

    @Test
    void the_role_of_the_application_may_approve_and_reject() {
        var outTradeNo = handedOut();
        desk.ask(outTradeNo, refundNo, LIMIT + 1);
        var another = RefundDesk.number();
        desk.ask(outTradeNo, another, 1);

        RuntimeRole.of("payment").does(transaction, jdbc, () -> {
            update("approved_by = 'jun', approved_at = now(), attempts = 1, due_at = now()", refundNo);
            update("state = 'FAILED', due_at = NULL, settled_at = now(), unwind_due_at = now()", another);
        });
    }

    private void waits(String outTradeNo, Refund refund) {
        assertThat(refund.state()).isEqualTo("REQUESTED");
        assertThat(refund.awaitsApproval()).isTrue();
        assertThat(refund.nextAttemptAt()).isNull();
        assertThat(bank.callsAbout(refund.refundNo())).isEmpty();
        assertThat(waiting(outTradeNo)).contains(refund.refundNo());
        assertThat(refunds.needingSomebody()).extracting(Refund::refundNo).contains(refund.refundNo());
    }

    private List<String> waiting(String outTradeNo) {
        return refunds.awaitingApproval().stream()
                .filter(refund -> refund.outTradeNo().equals(outTradeNo))
                .map(Refund::refundNo)
                .toList();
    }

    private Payment opened() {
        return payments.open(RequestId.fresh(Clock.systemUTC()), large(Payer.by("till")), () -> {});
    }

    private String handedOut() {
        var payment = opened();
        payer.pays(payment);
        return handedOut(payment).outTradeNo();
    }

    private Payment handedOut(Payment payment) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> desk.payment(payment.outTradeNo()).fulfilment() == FulfilmentState.SUCCEEDED);
        return payment;
    }

    private Payment fromThePurse() {
        var request = large(new PaymentRequest.Channel("wallet", null, "balance", null, Map.of()));
        purse.fill(request.userId(), PAID);
        return handedOut(payments.open(RequestId.fresh(Clock.systemUTC()), request, () -> {}));
    }

    private static PaymentRequest large(PaymentRequest.Channel channel) {
        var usual = Till.request(channel);
        return new PaymentRequest(
                usual.purpose(), usual.reference(), usual.userId(), Money.fen(PAID), usual.description(), channel);
    }

    private void paidInSilence(String outTradeNo) {
        jdbc.sql("""
                        UPDATE payment.payment
                        SET state = 'PAID', provider_transaction_id = 'T' || out_trade_no, paid_at = now(),
                            fulfilment = 'PENDING', due_at = now() + interval '1 day', version = version + 1
                        WHERE out_trade_no = :outTradeNo
                        """).param("outTradeNo", outTradeNo).update();
    }

    private Outcome arrives(String outTradeNo, RefundResult result) {
        var fact = new Fact.Refunded(
                outTradeNo, new Claim(Map.of()), result, null, refundNo, "G1", Money.fen(PAID), null, null, null);
        return intake.bookAnswer("bank", "main", fact).outcome();
    }

    private void refuses(String change, String refusal) {
        assertThatThrownBy(() -> update(change, refundNo))
                .isInstanceOf(DataIntegrityViolationException.class)
                .hasMessageContaining(refusal);
    }

    private void update(String change, String number) {
        jdbc.sql("UPDATE payment.refund SET %s WHERE refund_no = :no".formatted(change))
                .param("no", number)
                .update();
    }

    private List<String> deeds(String outTradeNo) {
        return jdbc.sql("""
                        SELECT actor || ' ' || action || ' ' || result FROM payment.intervention
                        WHERE out_trade_no = :outTradeNo ORDER BY id
                        """)
                .param("outTradeNo", outTradeNo)
                .query((row, number) -> row.getString(1))
                .list();
    }

    private static String said(Callable<Refund> decision) {
        try {
            return decision.call().state();
        } catch (Refusal refusal) {
            return refusal.type();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Refusal refused(Callable<@Nullable Object> something) {
        return catchThrowableOfType(Refusal.class, something::call);
    }

    private static List<String> together(List<Callable<String>> all) throws Exception {
        var gate = new CyclicBarrier(all.size());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> running = all.stream()
                    .map(one -> threads.submit(() -> {
                        gate.await();
                        return one.call();
                    }))
                    .toList();
            var answers = new ArrayList<String>();
            for (var one : running) {
                answers.add(one.get(60, TimeUnit.SECONDS));
            }
            return answers;
        }
    }
}
