package io.tallyhook.payment.refund;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tallyhook.payment.Entitlement;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.GoodsTakenBack;
import io.tallyhook.payment.MoodyBank;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Refund;
import io.tallyhook.payment.RefundRequest;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.Till;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.RuntimeRole;

/** What may be asked for, and that asking moves money once and never more than was paid. */
@PaymentModuleTest
class RefundRequestsIntegrationTests {

    private final RefundDesk desk;
    private final Refunds refunds;
    private final MoodyBank bank;
    private final GoodsTakenBack goods;
    private final Till till;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private String refundNo = "";

    RefundRequestsIntegrationTests(
            RefundDesk desk,
            Refunds refunds,
            MoodyBank bank,
            GoodsTakenBack goods,
            Till till,
            JdbcClient jdbc,
            PlatformTransactionManager transactions) {
        this.desk = desk;
        this.refunds = refunds;
        this.bank = bank;
        this.goods = goods;
        this.till = till;
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
        goods.recover();
    }

    @Test
    void all_of_a_payment_goes_back_once_and_what_was_handed_out_before_it() {
        var outTradeNo = desk.handedOut();

        var refund = desk.ask(outTradeNo, refundNo, 1999);

        assertThat(refund.state()).isEqualTo("SUCCEEDED");
        assertThat(refund.reason()).isEqualTo("不想要了");
        assertThat(refund.requestedBy()).isEqualTo("api:shop");
        assertThat(refund.providerRefundId()).isEqualTo("G" + refundNo);
        assertThat(refund.nextAttemptAt()).isNull();
        assertThat(bank.callsAbout(refundNo)).containsExactly("refund");
        assertThat(bank.givenBack(refundNo)).hasValue(RefundDesk.fen(1999));
        assertThat(desk.payment(outTradeNo).state()).isEqualTo(PaymentState.REFUNDED);
        assertThat(desk.payment(outTradeNo).refundedAmount()).isEqualTo(1999);
        assertThat(desk.unwound(outTradeNo, refundNo).shortAmount()).isNull();
        assertThat(goods.done(refundNo)).containsExactly("take", "settle");
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.REVERSED);
    }

    @Test
    void the_module_hears_how_much_goes_back_and_what_went_before() {
        var outTradeNo = desk.handedOut();
        desk.ask(outTradeNo, RefundDesk.number(), 500);

        desk.ask(outTradeNo, refundNo, 1499);
        desk.unwound(outTradeNo, refundNo);

        for (var call : List.of("take", "settle")) {
            var said = goods.said(refundNo, call);
            assertThat(said)
                    .isEqualTo(new Entitlement.TakeBack(
                            refundNo,
                            outTradeNo,
                            desk.payment(outTradeNo).reference(),
                            desk.payment(outTradeNo).userId(),
                            RefundDesk.fen(1999),
                            RefundDesk.fen(500),
                            RefundDesk.fen(1499),
                            "api:shop",
                            "不想要了"));
            assertThat(said.isLast()).isTrue();
        }
    }

    @Test
    void a_part_goes_back_and_the_rest_stays_granted_until_it_goes_back_too() {
        var outTradeNo = desk.handedOut();
        var rest = RefundDesk.number();

        desk.ask(outTradeNo, refundNo, 1);
        desk.unwound(outTradeNo, refundNo);

        assertThat(desk.payment(outTradeNo).state()).isEqualTo(PaymentState.PARTIALLY_REFUNDED);
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        desk.ask(outTradeNo, rest, 1998);
        desk.unwound(outTradeNo, rest);
        assertThat(desk.payment(outTradeNo).state()).isEqualTo(PaymentState.REFUNDED);
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.REVERSED);
        assertThat(refunds.of(outTradeNo)).extracting(Refund::refundNo).containsExactly(refundNo, rest);
    }

    @Test
    void no_more_goes_back_than_was_paid_and_the_refusal_says_how_much_is_left() {
        var outTradeNo = desk.handedOut();
        desk.ask(outTradeNo, RefundDesk.number(), 1500);

        var refusal = refused(RefundDesk.request(outTradeNo, refundNo, 500));

        assertThat(refusal.type()).isEqualTo("refund-exceeds-payment");
        assertThat(refusal.detail()).contains("no more than 4.99 CNY");
        assertThat(refusal.properties()).containsEntry("refundable", 499L);
        assertThat(bank.callsAbout(refundNo)).isEmpty();
        assertThat(goods.done(refundNo)).isEmpty();
        assertThat(desk.ask(outTradeNo, refundNo, 499).state()).isEqualTo("SUCCEEDED");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 20})
    void parts_asked_for_at_once_never_exceed_what_was_paid(int callers) throws Exception {
        var outTradeNo = desk.handedOut();
        long part = 1999 / callers + 1;
        var asked = IntStream.range(0, callers)
                .mapToObj(i -> (Callable<String>) () -> {
                    try {
                        return desk.ask(outTradeNo, RefundDesk.number(), part).state();
                    } catch (Refusal refusal) {
                        return refusal.type();
                    }
                })
                .toList();

        var answers = together(asked);

        long expected = 1999 / part;
        assertThat(answers).containsOnly("SUCCEEDED", "refund-exceeds-payment");
        assertThat(answers.stream().filter("SUCCEEDED"::equals)).hasSize((int) expected);
        assertThat(desk.payment(outTradeNo).refundedAmount()).isEqualTo(expected * part);
        assertThat(refunds.of(outTradeNo)).hasSize((int) expected);
    }

    @Test
    void the_same_refund_asked_for_many_times_at_once_is_one_refund() throws Exception {
        var outTradeNo = desk.handedOut();
        var asked = IntStream.range(0, 8)
                .mapToObj(i -> (Callable<String>)
                        () -> desk.ask(outTradeNo, refundNo, 1999).refundNo())
                .toList();

        assertThat(together(asked)).hasSize(8).containsOnly(refundNo);

        assertThat(desk.unwound(outTradeNo, refundNo).state()).isEqualTo("SUCCEEDED");
        assertThat(refunds.of(outTradeNo)).hasSize(1);
        assertThat(bank.callsAbout(refundNo)).containsExactly("refund");
        assertThat(goods.done(refundNo)).containsExactly("take", "settle");
    }

    @Test
    void a_repeat_is_the_same_refund_and_asks_nobody_again() {
        var outTradeNo = desk.handedOut();
        desk.ask(outTradeNo, refundNo, 700);
        var before = desk.unwound(outTradeNo, refundNo);

        assertThat(desk.ask(outTradeNo, refundNo, 700)).isEqualTo(before);

        assertThat(bank.callsAbout(refundNo)).containsExactly("refund");
        assertThat(goods.done(refundNo)).containsExactly("take", "settle");
    }

    @Test
    void a_number_is_used_for_one_payment_and_one_amount_for_ever() {
        var outTradeNo = desk.handedOut();
        var other = desk.handedOut();
        desk.ask(outTradeNo, refundNo, 700);

        assertThat(refused(RefundDesk.request(outTradeNo, refundNo, 701)).type())
                .isEqualTo("refund-number-used");
        assertThat(refused(RefundDesk.request(other, refundNo, 700)).type()).isEqualTo("refund-number-used");

        assertThat(refunds.of(other)).isEmpty();
        assertThat(desk.payment(other).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(goods.done(refundNo).stream().filter("take"::equals)).hasSize(1);
    }

    @Test
    void one_number_for_two_payments_at_once_gives_back_one_of_them() throws Exception {
        var payments = List.of(desk.handedOut(), desk.handedOut(), desk.handedOut(), desk.handedOut());
        var asked = payments.stream()
                .map(outTradeNo -> (Callable<String>) () -> {
                    try {
                        return desk.ask(outTradeNo, refundNo, 1999).state();
                    } catch (Refusal refusal) {
                        return refusal.type();
                    }
                })
                .toList();

        assertThat(together(asked))
                .containsExactlyInAnyOrder(
                        "SUCCEEDED", "refund-number-used", "refund-number-used", "refund-number-used");

        assertThat(goods.done(refundNo).stream().filter("take"::equals)).hasSize(1);
        assertThat(payments.stream().filter(number -> desk.payment(number).refundedAmount() > 0))
                .hasSize(1);
    }

    @Test
    void what_was_not_paid_cannot_go_back() {
        var open = till.opened("bank");
        var closed = till.closed("bank");

        assertThat(refused(RefundDesk.request(open, refundNo, 1)).type()).isEqualTo("payment-not-paid");
        assertThat(refused(RefundDesk.request(closed, refundNo, 1)).detail()).contains("is CLOSED");

        assertThat(refunds.of(open)).isEmpty();
        assertThat(bank.callsAbout(refundNo)).isEmpty();
    }

    @Test
    void what_does_not_exist_cannot_go_back() {
        assertThat(refused(RefundDesk.request("P-nobody", refundNo, 1)).status())
                .isEqualTo(HttpStatus.NOT_FOUND);
        assertThatThrownBy(() -> refunds.of("P-nobody")).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> refunds.get(desk.handedOut(), "R-nobody")).isInstanceOf(Refusal.class);
    }

    @ParameterizedTest
    @CsvSource({
        "refundNo, short,      1,           why",
        "refundNo, 'has space', 1,          why",
        "refundNo, 123456789012345678901234567890123, 1, why",
        "amount,   R-1234,     0,           why",
        "amount,   R-1234,     -1,          why",
        "amount,   R-1234,     10000000001, why",
        "reason,   R-1234,     1,           ''",
        "reason,   R-1234,     1,           '   '"
    })
    void what_cannot_be_a_refund_is_refused_by_the_name_of_its_field(
            String field, String number, long amount, String reason) {
        assertThat(badField(number, amount, reason).detail()).startsWith(field);
    }

    @Test
    void a_reason_is_1_to_200_characters_that_can_be_printed() {
        assertThat(badField("R-1234", 1, "x".repeat(201)).detail()).startsWith("reason");
        assertThat(badField("R-1234", 1, "two\nlines").detail()).startsWith("reason");
        assertThat(badField("R-1234", 1, "nul\0").detail()).startsWith("reason");
        assertThat(badField("R-1234", 1, "half \uD83D").detail()).startsWith("reason");

        var outTradeNo = desk.handedOut();
        var longest = "😀".repeat(200);
        var asked = new RefundRequest(outTradeNo, refundNo, 1, longest, "api:shop");
        assertThat(refunds.request(asked).reason()).isEqualTo(longest);
    }

    @Test
    void what_is_used_up_is_declined_and_the_module_remembers_it() {
        var outTradeNo = desk.handedOut();
        goods.declines(refundNo, Refusal.conflict("goods-used", "The goods are used."));

        var refusal = refused(RefundDesk.request(outTradeNo, refundNo, 1999));

        assertThat(refusal.type()).isEqualTo("goods-used");
        assertThat(goods.done(refundNo)).containsExactly("decline");
        assertThat(refunds.of(outTradeNo)).isEmpty();
        assertThat(bank.callsAbout(refundNo)).isEmpty();
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
    }

    @Test
    void it_cannot_be_done_in_a_transaction() {
        var outTradeNo = desk.handedOut();

        assertThatThrownBy(() -> transaction.execute(status -> desk.ask(outTradeNo, refundNo, 1)))
                .isInstanceOf(IllegalStateException.class);

        assertThat(refunds.of(outTradeNo)).isEmpty();
    }

    @Test
    void a_preview_says_what_would_be_taken_back_and_changes_nothing() {
        var handedOut = desk.handedOut();
        var waiting = desk.notHandedOut();

        assertThat(refunds.preview(handedOut, 1999, "a person"))
                .isEqualTo(new Entitlement.Preview(
                        true, List.of(Entitlement.Line.of("goods.go-back", RefundDesk.fen(1999), true))));
        assertThat(refunds.preview(waiting, 1999, "a person").lines())
                .containsExactly(Entitlement.Line.of("refund.preview.not-handed-out"));
        assertThatThrownBy(() -> refunds.preview(handedOut, 2000, "a person")).isInstanceOf(Refusal.class);

        assertThat(refunds.of(handedOut)).isEmpty();
        assertThat(desk.payment(waiting).fulfilment()).isEqualTo(FulfilmentState.PENDING);
    }

    @Test
    void what_has_no_clear_answer_for_an_hour_needs_somebody() {
        var outTradeNo = desk.handedOut();
        insert(outTradeNo, refundNo, 1, "now() - interval '61 min'", "SIGN_ERROR");
        insert(outTradeNo, RefundDesk.number(), 1, "now() - interval '59 min'", "SIGN_ERROR");

        assertThat(refunds.needingSomebody().stream()
                        .filter(refund -> refund.outTradeNo().equals(outTradeNo))
                        .map(Refund::refundNo))
                .containsExactly(refundNo);
    }

    /** The second net: the code checked, and the database checks again. */
    @Test
    void the_database_refuses_more_than_was_paid_by_itself() {
        var outTradeNo = desk.handedOut();
        insert(outTradeNo, RefundDesk.number(), 1000);

        assertThatThrownBy(() -> insert(outTradeNo, refundNo, 1000))
                .isInstanceOf(DataIntegrityViolationException.class)
                .hasMessageContaining("would give back more than was paid");
        assertThatThrownBy(() -> insert(till.opened("bank"), refundNo, 1))
                .isInstanceOf(DataIntegrityViolationException.class);
        insert(outTradeNo, refundNo, 999);
        assertThatThrownBy(() -> insert(desk.handedOut(), refundNo, 1))
                .isInstanceOf(DataIntegrityViolationException.class)
                .hasMessageContaining("refund_of_our_own");
    }

    @ParameterizedTest
    @ValueSource(strings = {"amount = 1", "reason = 'another'", "requested_by = 'somebody else'", "taken = true"})
    void the_database_lets_nobody_rewrite_what_was_asked_for(String change) {
        var outTradeNo = desk.handedOut();
        insert(outTradeNo, refundNo, 1000);

        assertThatThrownBy(() -> jdbc.sql("UPDATE payment.refund SET %s WHERE refund_no = :no".formatted(change))
                        .param("no", refundNo)
                        .update())
                .isInstanceOf(DataIntegrityViolationException.class)
                .hasMessageContaining("what was asked for cannot be changed");
    }

    @Test
    void the_role_of_the_application_may_do_what_a_refund_needs() {
        var outTradeNo = desk.handedOut();

        RuntimeRole.of("payment").does(transaction, jdbc, () -> {
            insert(outTradeNo, refundNo, 1000);
            jdbc.sql("UPDATE payment.refund SET attempts = 2, due_at = now() WHERE refund_no = :no")
                    .param("no", refundNo)
                    .update();
            jdbc.sql("""
                            INSERT INTO payment.intervention (at, actor, action, out_trade_no, result)
                            VALUES (now(), 'a person', 'RETRY_REFUND', :outTradeNo, 'was REQUESTED')
                            """).param("outTradeNo", outTradeNo).update();
        });
    }

    private void insert(String outTradeNo, String number, long fen) {
        insert(outTradeNo, number, fen, "now()", null);
    }

    private void insert(String outTradeNo, String number, long fen, String createdAt, @Nullable String error) {
        jdbc.sql("""
                        INSERT INTO payment.refund
                          (out_trade_no, refund_no, state, amount, reason, created_at, requested_by, gone_before, due_at, error)
                        VALUES (:outTradeNo, :refundNo, 'REQUESTED', :fen, 'why', %s, 'me', 0, now() + interval '1 d', :error)
                        """.formatted(createdAt))
                .param("error", error)
                .param("outTradeNo", outTradeNo)
                .param("refundNo", number)
                .param("fen", fen)
                .update();
    }

    private Refusal refused(RefundRequest asked) {
        return catchThrowableOfType(Refusal.class, () -> refunds.request(asked));
    }

    private static Refusal badField(String number, long amount, String reason) {
        var refusal = catchThrowableOfType(
                Refusal.class, () -> new RefundRequest("P-123456", number, amount, reason, "api:shop"));
        assertThat(refusal.status()).isEqualTo(HttpStatus.BAD_REQUEST);
        return refusal;
    }

    private static <T> List<T> together(List<Callable<T>> all) throws Exception {
        var gate = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = all.stream()
                    .map(one -> threads.submit(() -> {
                        gate.await();
                        return one.call();
                    }))
                    .toList();
            gate.countDown();
            var answers = new ArrayList<T>();
            for (var one : running) {
                answers.add(one.get(60, TimeUnit.SECONDS));
            }
            return answers;
        }
    }
}
