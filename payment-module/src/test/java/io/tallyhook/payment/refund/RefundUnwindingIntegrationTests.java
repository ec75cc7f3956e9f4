package io.tallyhook.payment.refund;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallyhook.payment.Door;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.GoodsTakenBack;
import io.tallyhook.payment.MoodyBank;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.PaymentsConfirmed;
import io.tallyhook.payment.Refund;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.Till;
import io.tallyhook.payment.booking.Intake;
import io.tallyhook.payment.fulfilment.Sweep;
import io.tallyhook.payment.provider.Fact.RefundResult;
import io.tallyhook.payment.provider.RefundAnswer;
import io.tallyhook.payment.provider.RefundOrder;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tallyhook.testing.PlainBank;
import tallyhook.testing.WeChatNotification;

/** What has become of the goods while money goes back, has gone back, or has not. */
@PaymentModuleTest
class RefundUnwindingIntegrationTests {

    private final RefundDesk desk;
    private final Refunds refunds;
    private final MoodyBank bank;
    private final GoodsTakenBack goods;
    private final Till till;
    private final Sweep fulfilment;
    private final Intake intake;
    private final Door door;
    private final JdbcClient jdbc;
    private final Map<String, RefundOrder> sent = new ConcurrentHashMap<>();
    private String refundNo = "";

    RefundUnwindingIntegrationTests(
            RefundDesk desk,
            Refunds refunds,
            MoodyBank bank,
            GoodsTakenBack goods,
            Till till,
            Sweep fulfilment,
            Intake intake,
            Door door,
            JdbcClient jdbc) {
        this.desk = desk;
        this.refunds = refunds;
        this.bank = bank;
        this.goods = goods;
        this.till = till;
        this.fulfilment = fulfilment;
        this.intake = intake;
        this.door = door;
        this.jdbc = jdbc;
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
    void what_is_about_to_be_refunded_is_not_handed_out() {
        var outTradeNo = desk.notHandedOut();
        var confirmed = till.confirmed(outTradeNo);
        underWay(outTradeNo, refundNo, 1999);

        till.listener().run(new PaymentsConfirmed("GOODS", List.of(confirmed)));
        fulfilment.handOut(outTradeNo);

        var payment = desk.payment(outTradeNo);
        assertThat(till.handedOut(outTradeNo)).isZero();
        assertThat(payment.fulfilment()).isEqualTo(FulfilmentState.PARKED);
        assertThat(payment.fulfilmentReason()).isEqualTo(ParkingReason.CANCELLED_BEFORE);
        assertThat(payment.nextAttemptAt()).isNull();
        assertThat(goods.done(refundNo)).isEmpty();
    }

    /** Whoever is first: handed out and taken back, or neither. */
    @Test
    void a_refund_asked_for_at_the_moment_of_handing_out_never_leaves_goods_with_somebody_who_has_his_money() {
        for (int round = 0; round < 12; round++) {
            var outTradeNo = desk.notHandedOut();
            var event = new PaymentsConfirmed("GOODS", List.of(till.confirmed(outTradeNo)));
            var number = RefundDesk.number();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                threads.execute(() -> till.listener().run(event));
                threads.execute(() -> desk.ask(outTradeNo, number, 1999));
            }
            desk.unwound(outTradeNo, number);

            boolean handedOut = till.handedOut(outTradeNo) == 1;
            assertThat(goods.done(number)).isEqualTo(handedOut ? List.of("take", "settle") : List.of());
            assertThat(desk.payment(outTradeNo).fulfilment())
                    .isEqualTo(handedOut ? FulfilmentState.REVERSED : FulfilmentState.CANCELLED);
            assertThat(desk.payment(outTradeNo).state()).isEqualTo(PaymentState.REFUNDED);
        }
    }

    @Test
    void what_was_refunded_in_full_before_it_was_handed_out_never_is_and_nothing_is_taken_back() {
        var outTradeNo = desk.notHandedOut();

        desk.ask(outTradeNo, refundNo, 1999);
        desk.unwound(outTradeNo, refundNo);

        assertThat(desk.payment(outTradeNo).state()).isEqualTo(PaymentState.REFUNDED);
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.CANCELLED);
        assertThat(held(outTradeNo)).isNull();
        assertThat(goods.done(refundNo)).isEmpty();
        assertThat(till.handedOut(outTradeNo)).isZero();
    }

    @Test
    void what_was_refunded_in_part_before_it_was_handed_out_waits_for_a_decision() {
        var outTradeNo = desk.notHandedOut();

        desk.ask(outTradeNo, refundNo, 1000);
        desk.unwound(outTradeNo, refundNo);

        assertThat(desk.payment(outTradeNo).state()).isEqualTo(PaymentState.PARTIALLY_REFUNDED);
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.PARKED);
        assertThat(desk.payment(outTradeNo).fulfilmentReason()).isEqualTo(ParkingReason.CANCELLED_BEFORE);
        assertThat(held(outTradeNo)).isNull();
        var rest = RefundDesk.number();
        desk.ask(outTradeNo, rest, 999);
        desk.unwound(outTradeNo, rest);
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.CANCELLED);
    }

    @ParameterizedTest
    @CsvSource({"PENDING,", "FAILED,", "PARKED, LATE", "PARKED, SURPLUS", "PARKED, CANCELLED_BEFORE"})
    void a_failed_refund_leaves_the_fulfilment_as_it_was(FulfilmentState before, @Nullable ParkingReason reason) {
        var outTradeNo = desk.notHandedOut();
        jdbc.sql("""
                        UPDATE payment.payment
                        SET fulfilment = :before, fulfilment_reason = :reason,
                            due_at = CASE WHEN :before <> 'PARKED' THEN now() + interval '1 d' END
                        WHERE out_trade_no = :outTradeNo
                        """)
                .param("before", before.name())
                .param("reason", reason == null ? null : reason.name())
                .param("outTradeNo", outTradeNo)
                .update();
        underWay(outTradeNo, refundNo, 1999);
        assertThat(desk.payment(outTradeNo).fulfilmentReason()).isEqualTo(ParkingReason.CANCELLED_BEFORE);

        ends(refundNo, RefundResult.FAILED);
        desk.unwound(outTradeNo, refundNo);

        var after = desk.payment(outTradeNo);
        assertThat(after.state()).isEqualTo(PaymentState.PAID);
        assertThat(after.fulfilment()).isEqualTo(before);
        assertThat(after.fulfilmentReason()).isEqualTo(reason);
        assertThat(after.nextAttemptAt() == null).isEqualTo(before == FulfilmentState.PARKED);
        assertThat(held(outTradeNo)).isNull();
        assertThat(goods.done(refundNo)).isEmpty();
    }

    @Test
    void what_is_due_again_after_a_failed_refund_is_handed_out_once() {
        var outTradeNo = desk.notHandedOut();
        underWay(outTradeNo, refundNo, 1999);
        ends(refundNo, RefundResult.FAILED);
        desk.unwound(outTradeNo, refundNo);

        assertThat(desk.payment(outTradeNo).nextAttemptAt())
                .isBeforeOrEqualTo(Instant.now().plusSeconds(20));
        fulfilment.handOut(outTradeNo);

        assertThat(till.settled(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(till.handedOut(outTradeNo)).isEqualTo(1);
    }

    @Test
    void of_two_refunds_under_way_the_first_that_fails_frees_nothing() {
        var outTradeNo = desk.notHandedOut();
        var other = RefundDesk.number();
        underWay(outTradeNo, refundNo, 1000);
        underWay(outTradeNo, other, 999);

        ends(refundNo, RefundResult.FAILED);
        desk.unwound(outTradeNo, refundNo);
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.PARKED);
        ends(other, RefundResult.FAILED);
        desk.unwound(outTradeNo, other);

        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.PENDING);
    }

    @Test
    void after_one_refund_succeeded_a_second_that_fails_frees_nothing() {
        var outTradeNo = desk.notHandedOut();
        var other = RefundDesk.number();
        underWay(outTradeNo, refundNo, 1000);
        underWay(outTradeNo, other, 999);

        ends(refundNo, RefundResult.SUCCEEDED);
        ends(other, RefundResult.FAILED);
        desk.unwound(outTradeNo, refundNo);
        desk.unwound(outTradeNo, other);

        assertThat(desk.payment(outTradeNo).state()).isEqualTo(PaymentState.PARTIALLY_REFUNDED);
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.PARKED);
        assertThat(desk.payment(outTradeNo).fulfilmentReason()).isEqualTo(ParkingReason.CANCELLED_BEFORE);
    }

    @Test
    void a_failure_told_often_gives_back_once() {
        var outTradeNo = desk.handedOut();
        underWay(outTradeNo, refundNo, 1999);

        ends(refundNo, RefundResult.FAILED);
        ends(refundNo, RefundResult.FAILED);
        desk.unwound(outTradeNo, refundNo);
        ends(refundNo, RefundResult.FAILED);

        assertThat(desk.unwound(outTradeNo, refundNo).state()).isEqualTo("FAILED");
        assertThat(goods.done(refundNo)).containsExactly("take", "giveBack");
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
    }

    @Test
    void a_module_that_fails_is_told_again_later_and_the_error_is_kept() {
        var outTradeNo = desk.handedOut();
        underWay(outTradeNo, refundNo, 1999);
        goods.after("giveBack", refundNo, () -> {
            throw new IllegalStateException("the shelf is locked");
        });

        ends(refundNo, RefundResult.FAILED);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(desk.refund(outTradeNo, refundNo).error()).contains("the shelf is locked"));
        var refund = desk.refund(outTradeNo, refundNo);
        assertThat(refund.nextUnwindAt()).isAfter(Instant.now());
        assertThat(refunds.needingSomebody()).extracting(Refund::refundNo).contains(refundNo);
        assertThat(goods.done(refundNo)).containsExactly("take");

        goods.recover();
        desk.isDue(refundNo);
        desk.unwound(outTradeNo, refundNo);

        assertThat(goods.done(refundNo)).containsExactly("take", "giveBack");
        assertThat(refunds.needingSomebody()).extracting(Refund::refundNo).doesNotContain(refundNo);
    }

    @Test
    void a_refund_started_at_the_provider_takes_what_is_left_and_says_how_much_is_missing() {
        var outTradeNo = paidAtWeChat();
        goods.isShortOf(refundNo, RefundDesk.fen(1200));

        assertThat(door.send(WeChatNotification.refunded(outTradeNo, refundNo, 1999, 1999))
                        .statusCode())
                .isEqualTo(200);
        var refund = desk.unwound(outTradeNo, refundNo);

        assertThat(goods.done(refundNo)).containsExactly("takeWhatIsLeft");
        assertThat(goods.said(refundNo, "takeWhatIsLeft").isLast()).isTrue();
        assertThat(refund.requestedBy()).isNull();
        assertThat(refund.shortAmount()).isEqualTo(RefundDesk.fen(1200));
        assertThat(refund.isShort()).isTrue();
        assertThat(refunds.needingSomebody()).extracting(Refund::refundNo).contains(refundNo);
        assertThat(desk.payment(outTradeNo).state()).isEqualTo(PaymentState.REFUNDED);
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.REVERSED);
    }

    @Test
    void a_refund_started_at_the_provider_may_have_a_number_of_ours_for_another_payment() {
        desk.ask(desk.handedOut(), refundNo, 1999);
        var outTradeNo = paidAtWeChat();

        door.send(WeChatNotification.refunded(outTradeNo, refundNo, 500, 1999));

        assertThat(desk.unwound(outTradeNo, refundNo).shortAmount()).isEqualTo(RefundDesk.fen(0));
        assertThat(desk.payment(outTradeNo).refundedAmount()).isEqualTo(500);
    }

    /** Else what ours took would come back to somebody who has his money. */
    @Test
    void a_refund_started_at_the_provider_that_makes_ours_too_much_waits_for_what_ours_took() {
        var outTradeNo = desk.handedOut();
        var console = RefundDesk.number();
        underWay(outTradeNo, refundNo, 1500);

        intake.bookAnswer("bank", "main", PlainBank.refunded(order(outTradeNo, console, 1999), RefundResult.SUCCEEDED));
        desk.triesToUnwind(console);
        assertThat(goods.done(console)).isEmpty();
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        ends(refundNo, RefundResult.FAILED);
        desk.unwound(outTradeNo, refundNo);
        desk.isDue(console);
        desk.unwound(outTradeNo, console);

        assertThat(desk.payment(outTradeNo).state()).isEqualTo(PaymentState.REFUNDED);
        assertThat(goods.done(refundNo)).containsExactly("take", "giveBack");
        assertThat(goods.done(console)).containsExactly("takeWhatIsLeft");
        assertThat(goods.said(console, "takeWhatIsLeft").goneBefore()).isEqualTo(RefundDesk.fen(0));
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.REVERSED);
    }

    @Test
    void a_refund_started_at_the_provider_beside_one_of_ours_waits_for_nobody() {
        var outTradeNo = desk.handedOut();
        var console = RefundDesk.number();
        underWay(outTradeNo, refundNo, 1500);

        intake.bookAnswer("bank", "main", PlainBank.refunded(order(outTradeNo, console, 499), RefundResult.SUCCEEDED));
        desk.unwound(outTradeNo, console);

        assertThat(goods.said(console, "takeWhatIsLeft").goneBefore()).isEqualTo(RefundDesk.fen(1500));
        assertThat(desk.refund(outTradeNo, refundNo).state()).isEqualTo("PROCESSING");
    }

    @Test
    void what_the_provider_gives_back_before_anything_was_handed_out_takes_nothing() {
        var outTradeNo = desk.notHandedOut();

        intake.bookAnswer(
                "bank", "main", PlainBank.refunded(order(outTradeNo, refundNo, 1999), RefundResult.SUCCEEDED));
        desk.unwound(outTradeNo, refundNo);

        assertThat(goods.done(refundNo)).isEmpty();
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.CANCELLED);
    }

    private String paidAtWeChat() {
        var outTradeNo = till.opened("wechat");
        door.send(WeChatNotification.paid(outTradeNo, 1999));
        assertThat(till.settled(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        return outTradeNo;
    }

    private void underWay(String outTradeNo, String number, long fen) {
        bank.onRefund(number, order -> {
            sent.put(number, order);
            return new RefundAnswer.Accepted("G" + number);
        });
        bank.onQueryRefund(number, order -> Optional.of(new RefundAnswer.Accepted("G" + number)));
        assertThat(desk.ask(outTradeNo, number, fen).state()).isEqualTo("PROCESSING");
    }

    private void ends(String number, RefundResult result) {
        var order = Objects.requireNonNull(sent.get(number));
        intake.bookAnswer("bank", "main", PlainBank.refunded(order, result));
    }

    private RefundOrder order(String outTradeNo, String number, long fen) {
        return new RefundOrder(
                "main",
                outTradeNo,
                number,
                RefundDesk.fen(fen),
                RefundDesk.fen(1999),
                "",
                URI.create("http://127.0.0.1/"));
    }

    private @Nullable String held(String outTradeNo) {
        return jdbc.sql("SELECT held_fulfilment FROM payment.payment WHERE out_trade_no = :outTradeNo")
                .param("outTradeNo", outTradeNo)
                .query((row, number) -> Optional.ofNullable(row.getString(1)))
                .single()
                .orElse(null);
    }
}
