package io.tallyhook.payment.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.tallyhook.payment.Door;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.MoodyBank;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.RefundRequest;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.Till;
import io.tallyhook.payment.booking.RefundsMoved;
import io.tallyhook.payment.policy.PolicyBench;
import io.tallyhook.payment.provider.RefundAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tallyhook.testing.AlipayNotification;
import tallyhook.testing.WeChatNotification;

/** What is wrong between money and goods appears, what is not does not, and each repair does what it says and no more. */
@PaymentModuleTest
class BoardIntegrationTests {

    private final Board board;
    private final Repairs repairs;
    private final BoardMetrics metrics;
    private final PolicyBench bench;
    private final Payments payments;
    private final Refunds refunds;
    private final Till till;
    private final Door door;
    private final MoodyBank bank;
    private final RefundsMoved moved;
    private final MeterRegistry meters;
    private final JdbcClient jdbc;

    BoardIntegrationTests(
            Board board,
            Repairs repairs,
            BoardMetrics metrics,
            PolicyBench bench,
            Payments payments,
            Refunds refunds,
            Till till,
            Door door,
            MoodyBank bank,
            RefundsMoved moved,
            MeterRegistry meters,
            JdbcClient jdbc) {
        this.board = board;
        this.repairs = repairs;
        this.metrics = metrics;
        this.bench = bench;
        this.payments = payments;
        this.refunds = refunds;
        this.till = till;
        this.door = door;
        this.bank = bank;
        this.moved = moved;
        this.meters = meters;
        this.jdbc = jdbc;
    }

    @AfterEach
    void everythingIsFineAgain() {
        bank.calmDown();
        till.listener().recover();
    }

    @ParameterizedTest
    @CsvSource({
        "LATE,              CLOSED_BUT_PAID",
        "SURPLUS,           PAID_TWICE",
        "CANCELLED_BEFORE,  NOT_FULFILLED",
        "RETRIES_EXHAUSTED, NOT_FULFILLED",
        "NO_LISTENER,       NOT_FULFILLED"
    })
    void a_parked_payment_is_on_the_board_with_its_reason_until_it_is_handed_out(ParkingReason reason, BoardKind kind) {
        var outTradeNo = bench.parked(reason);

        var line = only(outTradeNo);

        assertThat(line.kind()).isEqualTo(kind);
        assertThat(line.cause().name()).isEqualTo(reason.name());
        assertThat(line.amount()).isEqualTo(Money.fen(1999));
        assertThat(line.asked()).isNull();
        assertThat(line.purpose()).isEqualTo("GOODS");
        assertThat(lines(new BoardFilter(kind, "GOODS", outTradeNo))).containsExactly(line);
        assertThat(lines(new BoardFilter(null, "VIP", outTradeNo))).isEmpty();
        set(outTradeNo, "fulfilment = 'SUCCEEDED', fulfilment_reason = NULL, fulfilled_at = now()");
        assertThat(of(outTradeNo)).isEmpty();
    }

    @Test
    void what_fails_or_waits_or_is_forgotten_is_there_after_a_while_and_not_at_once() {
        var outTradeNo = bench.parked(ParkingReason.LATE);
        set(
                outTradeNo,
                "fulfilment = 'FAILED', fulfilment_reason = NULL, fulfilment_error = 'no shelf', attempts = 3, due_at = now() + interval '1 h'");
        assertThat(of(outTradeNo)).isEmpty();

        longAgo(outTradeNo);
        assertThat(only(outTradeNo))
                .satisfies(line -> assertThat(line.cause()).isEqualTo(Cause.FAILED))
                .satisfies(line -> assertThat(line.detail()).isEqualTo("no shelf"));
        set(outTradeNo, "fulfilment = 'PENDING'");
        assertThat(only(outTradeNo).cause()).isEqualTo(Cause.WAITS);
        set(outTradeNo, "fulfilment_error = NULL");
        assertThat(only(outTradeNo).cause()).isEqualTo(Cause.OVERDUE);
        set(outTradeNo, "attempts = 0, due_at = now() - interval '1 h'");
        assertThat(only(outTradeNo).cause()).isEqualTo(Cause.OVERDUE);
        set(outTradeNo, "due_at = now() + interval '1 h'");
        assertThat(of(outTradeNo)).isEmpty();
    }

    @Test
    void a_payment_that_is_not_paid_or_on_its_way_or_handed_out_is_not_there() {
        var open = till.opened("wechat");
        var paid = till.opened("wechat");
        door.send(WeChatNotification.paid(paid, 1999));
        till.settled(paid);

        assertThat(of(open)).isEmpty();
        assertThat(of(paid)).isEmpty();
    }

    @Test
    void a_payment_whose_refund_is_under_way_is_not_there_and_one_that_went_back_neither() {
        var outTradeNo = bench.parked(ParkingReason.SURPLUS);
        var refundNo = number();
        bank.onRefund(refundNo, order -> new RefundAnswer.Accepted("B1"));
        refunds.request(new RefundRequest(outTradeNo, refundNo, 1999, "twice", "mei"));
        assertThat(of(outTradeNo)).isEmpty();

        var other = bench.parked(ParkingReason.SURPLUS);
        refunds.request(new RefundRequest(other, number(), 1999, "twice", "mei"));
        assertThat(of(other)).isEmpty();
        assertThat(payments.get(other).state()).isEqualTo(PaymentState.REFUNDED);
    }

    @Test
    void what_was_refunded_in_part_before_it_was_handed_out_is_there_with_what_is_left() {
        var outTradeNo = bench.parked(ParkingReason.LATE);
        refunds.request(new RefundRequest(outTradeNo, number(), 500, "a part", "mei"));
        await().atMost(Duration.ofSeconds(60)).until(() -> of(outTradeNo).size() == 1);

        assertThat(only(outTradeNo).cause()).isEqualTo(Cause.PARTLY_REFUNDED);
        assertThat(only(outTradeNo).amount()).isEqualTo(Money.fen(1499));
        assertThatThrownBy(() -> repairs.reopen(outTradeNo, "mei")).isInstanceOf(Refusal.class);

        repairs.refund(outTradeNo, number(), "the rest", "mei");

        assertThat(of(outTradeNo)).isEmpty();
        assertThat(payments.get(outTradeNo).refundedAmount()).isEqualTo(1999);
    }

    @Test
    void a_refund_is_there_while_it_is_stuck_or_unclear_and_while_its_module_is_not_told() {
        var outTradeNo = handedOut();
        var refundNo = number();
        bank.onRefund(refundNo, order -> new RefundAnswer.Stuck("ABNORMAL", "B2"));
        refunds.request(new RefundRequest(outTradeNo, refundNo, 1999, "unwanted", "mei"));
        assertThat(only(outTradeNo))
                .satisfies(line -> assertThat(line.kind()).isEqualTo(BoardKind.REFUND_UNFINISHED))
                .satisfies(line -> assertThat(line.cause()).isEqualTo(Cause.STUCK))
                .satisfies(line -> assertThat(line.refundNo()).isEqualTo(refundNo));

        setRefund(refundNo, "stuck_at = NULL, error = 'no answer'");
        assertThat(of(outTradeNo)).isEmpty();
        setRefund(refundNo, "due_at = now() + interval '1 h'");
        jdbc.sql("ALTER TABLE payment.refund DISABLE TRIGGER refund_terms").update();
        setRefund(refundNo, "created_at = now() - interval '2 h'");
        jdbc.sql("ALTER TABLE payment.refund ENABLE TRIGGER refund_terms").update();
        assertThat(only(outTradeNo).cause()).isEqualTo(Cause.UNCLEAR);

        setRefund(
                refundNo,
                "state = 'SUCCEEDED', settled_at = now() - interval '1 h', due_at = NULL, error = NULL, unwind_due_at = now() + interval '1 h', unwind_error = 'no shelf'");
        assertThat(only(outTradeNo))
                .satisfies(line -> assertThat(line.kind()).isEqualTo(BoardKind.STILL_GRANTED))
                .satisfies(line -> assertThat(line.cause()).isEqualTo(Cause.NOT_TAKEN_BACK));
        setRefund(refundNo, "unwind_due_at = NULL, unwind_error = NULL");
        assertThat(of(outTradeNo)).isEmpty();
    }

    @Test
    void what_was_refunded_at_the_provider_and_is_spent_stays_until_a_person_has_settled_it() {
        var outTradeNo = handedOut();
        var refundNo = number();
        refunds.request(new RefundRequest(outTradeNo, refundNo, 1999, "unwanted", "mei"));
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            moved.hint();
            return refunds.get(outTradeNo, refundNo).nextUnwindAt() == null;
        });
        setRefund(refundNo, "short_amount = 700");
        var line = only(outTradeNo);
        assertThat(line.kind()).isEqualTo(BoardKind.STILL_GRANTED);
        assertThat(line.amount()).isEqualTo(Money.fen(700));

        assertThatThrownBy(() -> repairs.settle(outTradeNo, line.id(), " ", "mei"))
                .isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> repairs.settle(outTradeNo, "refund/other/other", "paid by hand", "mei"))
                .isInstanceOf(Refusal.class);
        assertThat(of(outTradeNo)).hasSize(1);
        repairs.settle(outTradeNo, line.id(), "paid by hand", "mei");

        assertThat(of(outTradeNo)).isEmpty();
        assertThat(done(outTradeNo)).containsExactly("SETTLE_OUTSIDE mei paid by hand");
    }

    @Test
    void deliveries_that_do_not_fit_are_one_line_of_their_payment_until_it_is_booked() {
        var outTradeNo = till.opened("wechat");
        door.send(WeChatNotification.paid(outTradeNo, 1899));
        var first = only(outTradeNo);
        door.send(WeChatNotification.paid(outTradeNo, 1899));

        var line = only(outTradeNo);

        assertThat(line.kind()).isEqualTo(BoardKind.QUARANTINED);
        assertThat(line.cause()).isEqualTo(Cause.OTHER_AMOUNT);
        assertThat(line.values()).containsExactly("19.99", "18.99");
        assertThat(line.since()).isEqualTo(first.since());
        assertThat(line.callbackId()).isNotEqualTo(first.callbackId());
        assertThatThrownBy(() -> repairs.refund(outTradeNo, number(), "no", "mei"))
                .isInstanceOf(Refusal.class);

        door.send(WeChatNotification.paid(outTradeNo, 1999));
        assertThat(of(outTradeNo)).isEmpty();
    }

    @Test
    void a_delivery_of_somebody_else_is_there_too_and_one_that_was_settled_comes_back_with_the_next() {
        var outTradeNo = till.opened("alipay");
        door.send(AlipayNotification.paid(outTradeNo, 1999).sellerId("2088000000000009"));
        var line = only(outTradeNo);
        assertThat(line.cause()).isEqualTo(Cause.DIFFERS);

        repairs.settle(outTradeNo, line.id(), "was a test of the other shop", "mei");
        assertThat(of(outTradeNo)).isEmpty();

        door.send(AlipayNotification.paid(outTradeNo, 1999).sellerId("2088000000000009"));
        assertThat(only(outTradeNo).id()).isNotEqualTo(line.id());
    }

    @Test
    void a_late_payment_is_reopened_by_a_person_and_the_module_decides() {
        var outTradeNo = bench.parked(ParkingReason.LATE);

        repairs.reopen(outTradeNo, "mei");

        await().atMost(Duration.ofSeconds(60))
                .until(() -> payments.get(outTradeNo).fulfilment() == FulfilmentState.SUCCEEDED);
        assertThat(till.handedOut(outTradeNo)).isOne();
        assertThat(done(outTradeNo)).containsExactly("REOPEN_PAYMENT mei was LATE");
        assertThatThrownBy(() -> repairs.reopen(outTradeNo, "mei")).isInstanceOf(Refusal.class);
    }

    @Test
    void a_late_payment_whose_policy_is_about_to_refund_it_is_not_reopened() {
        var outTradeNo = bench.parked(ParkingReason.LATE);
        jdbc.sql("""
                        INSERT INTO payment.policy_decision
                          (out_trade_no, reason, action, why, decided_at, decided_by, result, refund_no, due_at)
                        VALUES (:no, 'LATE', 'REFUND', 'SETTING', now(), 'policy:GOODS.late', 'STARTED', :refundNo,
                                now() + interval '1 d')
                        """).param("no", outTradeNo).param("refundNo", number()).update();

        assertThatThrownBy(() -> repairs.reopen(outTradeNo, "mei")).isInstanceOf(Refusal.class);

        assertThat(payments.get(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.PARKED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SURPLUS", "CANCELLED_BEFORE", "NO_LISTENER"})
    void nothing_but_a_late_payment_is_reopened(ParkingReason reason) {
        var outTradeNo = bench.parked(reason);

        assertThatThrownBy(() -> repairs.reopen(outTradeNo, "mei"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("does not fit any more");
        assertThat(payments.get(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.PARKED);
        assertThat(done(outTradeNo)).isEmpty();
    }

    @Test
    void a_refund_in_full_that_is_pressed_twice_gives_back_once_and_none_is_possible_for_what_was_handed_out() {
        var outTradeNo = bench.parked(ParkingReason.SURPLUS);
        var refundNo = number();

        repairs.refund(outTradeNo, refundNo, "paid twice", "mei");
        repairs.refund(outTradeNo, refundNo, "paid twice", "mei");

        assertThat(refunds.of(outTradeNo)).hasSize(1);
        assertThatThrownBy(() -> repairs.refund(outTradeNo, number(), "paid twice", "mei"))
                .isInstanceOf(Refusal.class);
        var fine = handedOut();
        assertThatThrownBy(() -> repairs.refund(fine, number(), "unwanted", "mei"))
                .isInstanceOf(Refusal.class);
        assertThat(refunds.of(fine)).isEmpty();
    }

    @Test
    void a_policy_that_asks_says_why_on_the_line() {
        var outTradeNo = bench.parked(ParkingReason.SURPLUS);
        bank.onRefund(refundNoOf(outTradeNo), order -> {
            throw new io.tallyhook.payment.provider.PaymentGateway.ProviderRefused("EMPTY", "nothing there");
        });
        bench.decides(outTradeNo);
        await().atMost(Duration.ofSeconds(60)).until(() -> of(outTradeNo).size() == 1);
        bench.decides(outTradeNo);

        assertThat(only(outTradeNo).asked()).isEqualTo("PARKED_AGAIN");
    }

    @Test
    void pages_follow_each_other_oldest_first_and_nothing_is_missed_or_seen_twice() {
        var mine = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            mine.add(bench.parked(i % 2 == 0 ? ParkingReason.NO_LISTENER : ParkingReason.CANCELLED_BEFORE));
        }
        var seen = new ArrayList<BoardLine>();
        @Nullable String cursor = null;
        do {
            var page = board.lines(new BoardFilter(BoardKind.NOT_FULFILLED, null, null), new Paging(2, cursor));
            seen.addAll(page.items());
            cursor = page.nextCursor();
        } while (cursor != null);

        assertThat(seen).doesNotHaveDuplicates().extracting(BoardLine::since).isSorted();
        assertThat(seen).extracting(BoardLine::outTradeNo).containsAll(mine);
        assertThat(seen).extracting(BoardLine::kind).containsOnly(BoardKind.NOT_FULFILLED);
    }

    @Test
    void the_totals_are_those_of_the_lists_and_the_metric() {
        bench.parked(ParkingReason.SURPLUS);

        var totals = board.totals();
        metrics.count();

        assertThat(totals).containsOnlyKeys(BoardKind.values());
        for (var kind : BoardKind.values()) {
            var count = Objects.requireNonNull(totals.get(kind));
            assertThat(count.n())
                    .isEqualTo(lines(new BoardFilter(kind, null, null)).size());
            assertThat(count.atLeast()).isFalse();
            assertThat(meters.get("tallyhook.money.without.goods")
                            .tag("kind", kind.name())
                            .gauge()
                            .value())
                    .isEqualTo(count.n());
        }
        assertThat(Objects.requireNonNull(totals.get(BoardKind.PAID_TWICE)).n()).isPositive();
    }

    @Test
    void the_api_answers_a_list_and_refuses_what_is_not_of_it() {
        var outTradeNo = bench.parked(ParkingReason.SURPLUS);

        var answer = door.get("/api/v1/money-without-goods?kind=PAID_TWICE&purpose=GOODS&limit=200");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains("\"outTradeNo\":\"" + outTradeNo + "\"", "\"kind\":\"PAID_TWICE\"", "\"amount\":1999")
                .contains("\"repairs\":[\"REFUND\",\"CREDIT_TO_WALLET\"]")
                .doesNotContain("null");
        for (var query : List.of("kind=NONE", "limit=0", "limit=201", "cursor=x", "cursor=12.%00", "purpose=%00")) {
            assertThat(door.get("/api/v1/money-without-goods?" + query).statusCode())
                    .as(query)
                    .isEqualTo(400);
        }
    }

    private List<BoardLine> of(String outTradeNo) {
        return lines(BoardFilter.of(outTradeNo));
    }

    private List<BoardLine> lines(BoardFilter filter) {
        return board.lines(filter, new Paging(200, null)).items();
    }

    private BoardLine only(String outTradeNo) {
        assertThat(of(outTradeNo)).hasSize(1);
        return of(outTradeNo).getFirst();
    }

    private String handedOut() {
        var outTradeNo = bench.parked(ParkingReason.LATE);
        repairs.reopen(outTradeNo, "setup");
        till.settled(outTradeNo);
        jdbc.sql("DELETE FROM payment.intervention WHERE out_trade_no = :no")
                .param("no", outTradeNo)
                .update();
        return outTradeNo;
    }

    private void longAgo(String outTradeNo) {
        jdbc.sql("ALTER TABLE payment.payment DISABLE TRIGGER payment_terms").update();
        set(outTradeNo, "paid_at = now() - interval '1 h'");
        jdbc.sql("ALTER TABLE payment.payment ENABLE TRIGGER payment_terms").update();
    }

    private void set(String outTradeNo, String columns) {
        jdbc.sql("UPDATE payment.payment SET %s WHERE out_trade_no = :no".formatted(columns))
                .param("no", outTradeNo)
                .update();
    }

    private void setRefund(String refundNo, String columns) {
        jdbc.sql("UPDATE payment.refund SET %s WHERE refund_no = :no".formatted(columns))
                .param("no", refundNo)
                .update();
    }

    private List<String> done(String outTradeNo) {
        return jdbc.sql("""
                        SELECT action || ' ' || actor || ' ' || result FROM payment.intervention
                        WHERE out_trade_no = :no ORDER BY id
                        """)
                .param("no", outTradeNo)
                .query((row, number) -> row.getString(1))
                .list();
    }

    private static String number() {
        return "BOARD-" + System.nanoTime();
    }

    private static String refundNoOf(String outTradeNo) {
        return PolicyBench.refundNo(outTradeNo, ParkingReason.SURPLUS);
    }
}
