package io.tallyhook.payment.booking;

import static io.tallyhook.payment.PaymentState.CLOSED;
import static io.tallyhook.payment.PaymentState.PAID;
import static io.tallyhook.payment.PaymentState.PARTIALLY_REFUNDED;
import static io.tallyhook.payment.PaymentState.PENDING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.provider.Answer;
import io.tallyhook.payment.provider.Check;
import io.tallyhook.payment.provider.Claim;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Fact.RefundResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class DecideTests {

    private static final Claim US =
            new Claim(Map.of(Check.APP_ID, "wx1", Check.MERCHANT_ID, "1900", Check.SELLER, "2088"));

    private final Fact paid = paid(Known.AMOUNT, Known.TRANSACTION);
    private final Fact closed = new Fact.Closed(Known.NUMBER, US);
    private final Fact unchanged = new Fact.Unchanged(Known.NUMBER, US, "WAIT_BUYER_PAY");

    /** The decision table: one row per state, one column per kind of fact. */
    @ParameterizedTest
    @CsvSource({
        "PENDING,            CONFIRMED, CLOSED,    MISMATCH,         MISMATCH,      IGNORED",
        "CLOSED,             LATE,      DUPLICATE, MISMATCH,         MISMATCH,      IGNORED",
        "PAID,               DUPLICATE, IGNORED,   REFUND_CONFIRMED, REFUND_FAILED, IGNORED",
        "PARTIALLY_REFUNDED, DUPLICATE, IGNORED,   REFUND_CONFIRMED, REFUND_FAILED, IGNORED",
        "REFUNDED,           DUPLICATE, IGNORED,   MISMATCH,         REFUND_FAILED, IGNORED"
    })
    void every_fact_meets_every_state(
            PaymentState state,
            Outcome whenPaid,
            Outcome whenClosed,
            Outcome whenRefunded,
            Outcome whenRefundFailed,
            Outcome whenUnchanged) {
        var payment = Known.payment(state);

        assertThat(decide(paid, payment).outcome()).isEqualTo(whenPaid);
        assertThat(decide(closed, payment).outcome()).isEqualTo(whenClosed);
        assertThat(decide(refund("R1", 100), payment).outcome()).isEqualTo(whenRefunded);
        assertThat(decide(refund("R1", 100, RefundResult.FAILED), payment).outcome())
                .isEqualTo(whenRefundFailed);
        assertThat(decide(unchanged, payment).outcome()).isEqualTo(whenUnchanged);
    }

    @ParameterizedTest
    @EnumSource(PaymentState.class)
    void what_changes_nothing_says_so(PaymentState state) {
        for (var fact : List.of(paid, closed, unchanged, refund("R1", 100), refund("R1", 100, RefundResult.ABNORMAL))) {
            var decision = decide(fact, Known.payment(state));

            assertThat(decision.change().isPresent())
                    .isEqualTo(decision.outcome().changedSomething());
        }
    }

    @Test
    void a_payment_that_is_paid_is_due() {
        var after = after(decide(paid, Known.payment(PENDING)));

        assertThat(after.state()).isEqualTo(PAID);
        assertThat(after.fulfilment()).isEqualTo(FulfilmentState.PENDING);
        assertThat(after.providerTransactionId()).isEqualTo(Known.TRANSACTION);
        assertThat(after.paidAt()).isEqualTo(Known.PAID_AT);
        assertThat(after.version()).isEqualTo(8);
    }

    /** c10: never silence. */
    @Test
    void money_for_a_closed_payment_is_booked_and_waits_for_a_person() {
        var after = after(decide(paid, Known.payment(CLOSED)));

        assertThat(after.state()).isEqualTo(PAID);
        assertThat(after.fulfilment()).isEqualTo(FulfilmentState.PARKED);
        assertThat(after.reason()).isEqualTo(ParkingReason.LATE);
    }

    @Test
    void a_number_that_is_not_ours_is_unknown() {
        var decision = Decide.decide(booking(paid), Optional.empty());

        assertThat(decision.outcome()).isEqualTo(Outcome.UNKNOWN_PAYMENT);
        assertThat(decision.change()).isEmpty();
        assertThat(decision.differences())
                .containsExactly(new Comparison(Check.PAYMENT, Comparison.ABSENT, Known.NUMBER));
    }

    static Stream<Arguments> misfits() {
        return Stream.of(
                arguments("c9: app", paid(US, Check.APP_ID, "wx2"), Check.APP_ID, "wx1", "wx2"),
                arguments("c9: merchant", paid(US, Check.MERCHANT_ID, "1901"), Check.MERCHANT_ID, "1900", "1901"),
                arguments("c9: seller", paid(US, Check.SELLER, "2089"), Check.SELLER, "2088", "2089"),
                arguments("c9: no app", paid(US, Check.APP_ID, null), Check.APP_ID, "wx1", "—"),
                arguments("c8: less", paid(Money.fen(999), "4200"), Check.AMOUNT, "10.00", "9.99"),
                arguments("c8: more", paid(Money.fen(1001), "4200"), Check.AMOUNT, "10.00", "10.01"),
                arguments("c8: nothing", paid(Money.fen(0), "4200"), Check.AMOUNT, "10.00", "0.00"),
                arguments("c8: negative", paid(Money.fen(-1000), "4200"), Check.AMOUNT, "10.00", "-10.00"),
                arguments("c8: dollars", paid(Money.of(1000, "USD"), "4200"), Check.CURRENCY, "CNY", "USD"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("misfits")
    void a_payment_that_does_not_fit_in_one_thing_is_kept_apart_with_both_values(
            String what, Fact fact, Check check, String expected, String actual) {
        for (var state : List.of(PENDING, CLOSED)) {
            var decision = decide(fact, Known.payment(state));

            assertThat(decision.outcome()).isEqualTo(Outcome.MISMATCH);
            assertThat(decision.change()).isEmpty();
            assertThat(decision.differences()).containsExactly(new Comparison(check, expected, actual));
        }
    }

    /** c7: a genuine message of one channel must not confirm a payment of another. */
    @ParameterizedTest
    @CsvSource({"alipay, main", "wechat, shop-2", "alipay, shop-2"})
    void a_payment_is_bound_to_its_channel(String provider, String account) {
        var decision = Decide.decide(new Booking(provider, account, US, paid), Optional.of(Known.payment(PENDING)));

        assertThat(decision.outcome()).isEqualTo(Outcome.MISMATCH);
        assertThat(decision.differences())
                .containsExactly(new Comparison(Check.CHANNEL, "wechat/main", provider + "/" + account));
    }

    @ParameterizedTest
    @EnumSource(names = {"PAID", "PARTIALLY_REFUNDED", "REFUNDED"})
    void a_second_transaction_for_a_paid_payment_is_no_duplicate(PaymentState state) {
        var decision = decide(paid(Known.AMOUNT, "4200000002"), Known.payment(state));

        assertThat(decision.outcome()).isEqualTo(Outcome.MISMATCH);
        assertThat(decision.differences())
                .containsExactly(new Comparison(Check.TRANSACTION, Known.TRANSACTION, "4200000002"));
    }

    @ParameterizedTest
    @CsvSource({
        "PENDING, true,  PENDING,", "PENDING, false, PARKED, OTHER_AMOUNT",
        "CLOSED,  true,  PARKED,  LATE", "CLOSED,  false, PARKED, OTHER_AMOUNT"
    })
    void another_amount_that_was_accepted_is_booked_with_what_was_received(
            PaymentState state, boolean handOut, FulfilmentState after, @Nullable ParkingReason reason) {
        var decision = accepting(999, handOut, paid(Money.fen(999), Known.TRANSACTION), Known.payment(state));

        assertThat(decision.outcome()).isEqualTo(state == CLOSED ? Outcome.LATE : Outcome.CONFIRMED);
        var payment = after(decision);
        assertThat(payment.state()).isEqualTo(PAID);
        assertThat(payment.amount()).isEqualTo(Known.AMOUNT);
        assertThat(payment.received()).isEqualTo(Money.fen(999));
        assertThat(payment.refundable()).isEqualTo(Money.fen(999));
        assertThat(payment.fulfilment()).isEqualTo(after);
        assertThat(payment.reason()).isEqualTo(reason);
    }

    @Test
    void what_was_accepted_lets_no_third_amount_pass_and_nothing_else_that_differs() {
        var pending = Known.payment(PENDING);

        for (var fact : List.of(
                paid(Known.AMOUNT, Known.TRANSACTION),
                paid(Money.fen(998), Known.TRANSACTION),
                paid(Money.of(999, "USD"), Known.TRANSACTION),
                new Fact.Paid(Known.NUMBER, new Claim(Map.of()), "T", Money.fen(999), Known.PAID_AT))) {
            var decision = accepting(999, true, fact, pending);
            assertThat(decision.outcome()).isEqualTo(Outcome.MISMATCH);
            assertThat(decision.change()).isEmpty();
        }
        assertThat(accepting(999, true, paid(Money.fen(999), "4200000002"), Known.payment(PAID))
                        .outcome())
                .isEqualTo(Outcome.MISMATCH);
    }

    @Test
    void once_another_amount_is_booked_its_repeat_is_a_duplicate_and_any_other_amount_does_not_fit() {
        var payment = after(accepting(999, true, paid(Money.fen(999), Known.TRANSACTION), Known.payment(PENDING)));

        assertThat(decide(paid(Money.fen(999), Known.TRANSACTION), payment).outcome())
                .isEqualTo(Outcome.DUPLICATE);
        for (var amount : List.of(1000L, 998L)) {
            assertThat(differing(paid(Money.fen(amount), Known.TRANSACTION), payment))
                    .containsExactly(Check.AMOUNT);
        }
        assertThat(differing(paid(Money.fen(999), "4200000002"), payment)).containsExactly(Check.TRANSACTION);
    }

    @ParameterizedTest
    @CsvSource({
        "1500, 1000, PARTIALLY_REFUNDED",
        "1500, 1500, REFUNDED",
        "999, 999, REFUNDED",
        "999, 1000,",
        "1500, 1501,"
    })
    void no_more_goes_back_than_was_received_and_all_of_it_is_the_whole(
            long received, long refund, @Nullable PaymentState state) {
        var payment =
                after(accepting(received, true, paid(Money.fen(received), Known.TRANSACTION), Known.payment(PENDING)));
        var fact = refunded("R1", Money.fen(refund), null, Money.fen(received), Known.TRANSACTION);

        var decision = decide(fact, payment);

        assertThat(decision.change().map(change -> change.after().state())).isEqualTo(Optional.ofNullable(state));
        assertThat(decide(refunded("R1", Money.fen(1), null, Known.AMOUNT, Known.TRANSACTION), payment)
                        .differences())
                .extracting(Comparison::check)
                .containsExactly(Check.AMOUNT);
    }

    @Test
    void what_fits_is_compared_all_the_same_in_the_order_of_the_checks() {
        var decision = decide(paid, Known.payment(PAID));

        assertThat(decision.comparisons())
                .extracting(Comparison::check)
                .containsExactly(
                        Check.PAYMENT,
                        Check.CHANNEL,
                        Check.APP_ID,
                        Check.MERCHANT_ID,
                        Check.SELLER,
                        Check.CURRENCY,
                        Check.AMOUNT,
                        Check.TRANSACTION)
                .isSorted();
        assertThat(decision.differences()).isEmpty();
    }

    @Test
    void a_closing_or_a_refund_need_not_name_everybody_but_whom_it_names_must_be_us() {
        var nobody = new Claim(Map.of());
        var other = new Claim(Map.of(Check.MERCHANT_ID, "1901"));

        assertThat(decide(new Fact.Closed(Known.NUMBER, nobody), Known.payment(PENDING))
                        .outcome())
                .isEqualTo(Outcome.CLOSED);
        assertThat(decide(new Fact.Closed(Known.NUMBER, other), Known.payment(PENDING))
                        .outcome())
                .isEqualTo(Outcome.MISMATCH);
    }

    @Test
    void a_refund_gives_back_a_part_and_then_the_rest() {
        var part = after(decide(refund("R1", 300), Known.paid(FulfilmentState.SUCCEEDED)));
        assertThat(part.state()).isEqualTo(PARTIALLY_REFUNDED);
        assertThat(part.refunded()).isEqualTo(Money.fen(300));
        assertThat(part.fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);

        var whole = after(decide(refund("R2", 700), part));
        assertThat(whole.state()).isEqualTo(PaymentState.REFUNDED);
        assertThat(whole.refunds()).containsOnlyKeys("R1", "R2");
    }

    @ParameterizedTest
    @CsvSource({
        "PENDING,   1000, CANCELLED,",
        "FAILED,    1000, CANCELLED,",
        "PARKED,    1000, CANCELLED,",
        "SUCCEEDED, 1000, SUCCEEDED,",
        "PENDING,   400,  PARKED,    CANCELLED_BEFORE",
        "FAILED,    400,  PARKED,    CANCELLED_BEFORE",
        "PARKED,    400,  PARKED,    LATE",
        "SUCCEEDED, 400,  SUCCEEDED,"
    })
    void what_is_refunded_before_it_was_handed_out_is_not_handed_out(
            FulfilmentState before, long refunded, FulfilmentState after, @Nullable ParkingReason reason) {
        var payment = after(decide(refund("R1", refunded), Known.paid(before)));

        assertThat(payment.fulfilment()).isEqualTo(after);
        assertThat(payment.reason()).isEqualTo(reason);
    }

    /** c28 */
    @ParameterizedTest
    @CsvSource({"PAID, 1001", "PARTIALLY_REFUNDED, 601", "REFUNDED, 1", "PAID, 9223372036854775807"})
    void no_more_is_given_back_than_was_paid_and_is_left(PaymentState state, long refund) {
        var decision = decide(refund("R1", refund), Known.payment(state));

        assertThat(decision.outcome()).isEqualTo(Outcome.MISMATCH);
        assertThat(decision.change()).isEmpty();
        assertThat(decision.differences()).extracting(Comparison::check).containsExactly(Check.AMOUNT);
    }

    @Test
    void the_same_refund_again_is_a_duplicate() {
        var succeeded = new KnownRefund("R1", Money.fen(400), KnownRefund.State.SUCCEEDED);
        var payment = Known.payment(PARTIALLY_REFUNDED, 400, FulfilmentState.SUCCEEDED, null, succeeded);

        assertThat(decide(refund("R1", 400), payment).outcome()).isEqualTo(Outcome.DUPLICATE);
    }

    @Test
    void a_provider_that_takes_back_that_a_refund_has_succeeded_contradicts_itself() {
        var succeeded = new KnownRefund("R1", Money.fen(400), KnownRefund.State.SUCCEEDED);
        var payment = Known.payment(PARTIALLY_REFUNDED, 400, FulfilmentState.SUCCEEDED, null, succeeded);

        var decision = decide(refund("R1", 400, RefundResult.FAILED), payment);

        assertThat(decision.outcome()).isEqualTo(Outcome.MISMATCH);
        assertThat(decision.change()).isEmpty();
        assertThat(decision.differences()).containsExactly(new Comparison(Check.STATE, "SUCCEEDED", "FAILED"));
    }

    /** A person has mended it there, and the notice that it was abnormal comes late. */
    @Test
    void that_a_refund_was_abnormal_before_it_succeeded_is_no_contradiction() {
        var succeeded = new KnownRefund("R1", Money.fen(400), KnownRefund.State.SUCCEEDED);
        var payment = Known.payment(PARTIALLY_REFUNDED, 400, FulfilmentState.SUCCEEDED, null, succeeded);

        assertThat(decide(refund("R1", 400, RefundResult.ABNORMAL), payment).outcome())
                .isEqualTo(Outcome.DUPLICATE);
    }

    @Test
    void a_refund_that_has_failed_may_fail_again() {
        var failed = new KnownRefund("R1", Money.fen(400), KnownRefund.State.FAILED);
        var payment = Known.payment(PAID, 0, FulfilmentState.SUCCEEDED, null, failed);

        assertThat(decide(refund("R1", 400, RefundResult.FAILED), payment).outcome())
                .isEqualTo(Outcome.DUPLICATE);
        assertThat(decide(refund("R1", 400, RefundResult.ABNORMAL), payment).outcome())
                .isEqualTo(Outcome.DUPLICATE);
    }

    @Test
    void the_longest_number_of_a_console_has_room_for_what_goes_after_all() {
        var number = "R".repeat(64);
        var failed = new KnownRefund(number, Money.fen(300), KnownRefund.State.FAILED);
        var payment = Known.payment(PAID, 0, FulfilmentState.SUCCEEDED, null, failed);

        assertThat(after(decide(refund(number, 300), payment)).refunds()).containsKey("R".repeat(62) + "~2");
    }

    @Test
    void money_of_a_refund_that_has_failed_does_not_pass_for_a_repeat() {
        var failed = new KnownRefund("R1", Money.fen(300), KnownRefund.State.FAILED);
        var payment = Known.payment(PAID, 0, FulfilmentState.SUCCEEDED, null, failed);

        assertThat(decide(refund("R1", 300, RefundResult.FAILED), payment).outcome())
                .isEqualTo(Outcome.DUPLICATE);
        var decision = decide(refund("R1", 300), payment);
        assertThat(decision.outcome()).isEqualTo(Outcome.REFUND_CONFIRMED);
        assertThat(after(decision).refunded()).isEqualTo(Money.fen(300));
        assertThat(after(decision).refunds())
                .containsEntry("R1", failed)
                .containsEntry("R1~2", new KnownRefund("R1~2", Money.fen(300), KnownRefund.State.SUCCEEDED));
        assertThat(decide(refund("R1", 300), after(decision)).outcome()).isEqualTo(Outcome.DUPLICATE);
        assertThat(decide(refund("R1", 1001), payment).outcome()).isEqualTo(Outcome.MISMATCH);
    }

    @Test
    void the_same_refund_with_another_amount_does_not_fit() {
        var decision = decide(refund("R0", 399), Known.payment(PARTIALLY_REFUNDED));

        assertThat(decision.outcome()).isEqualTo(Outcome.MISMATCH);
        assertThat(decision.differences()).containsExactly(new Comparison(Check.AMOUNT, "4.00 CNY", "3.99 CNY"));
    }

    @Test
    void a_refund_of_another_total_another_transaction_or_another_currency_does_not_fit() {
        var total = refunded("R1", Money.fen(100), null, Money.fen(999), Known.TRANSACTION);
        var transaction = refunded("R1", Money.fen(100), null, Known.AMOUNT, "4200000002");
        var dollars = refunded("R1", Money.of(100, "USD"), null, null, Known.TRANSACTION);
        var dollarsInAll = refunded("R1", null, Money.of(100, "USD"), null, Known.TRANSACTION);

        assertThat(differing(total)).containsExactly(Check.AMOUNT);
        assertThat(differing(transaction)).containsExactly(Check.TRANSACTION);
        assertThat(differing(dollars)).containsExactly(Check.CURRENCY);
        assertThat(differing(dollarsInAll)).containsExactly(Check.CURRENCY);
    }

    @Test
    void a_refund_of_an_unpaid_payment_waits_until_the_payment_is_known_as_paid() {
        var decision = decide(refund("R1", 100), Known.payment(PENDING));

        assertThat(decision.differences()).containsExactly(new Comparison(Check.STATE, "PAID", "PENDING"));
        assertThat(decision.outcome().answer()).isNotEqualTo(Answer.SUCCESS);
    }

    @Test
    void an_abnormal_refund_is_not_final() {
        var payment = Known.paid(FulfilmentState.SUCCEEDED);

        assertThat(decide(refund("R1", 100, RefundResult.ABNORMAL), payment).outcome())
                .isEqualTo(Outcome.IGNORED);
        assertThat(decide(refund("R1", 100), payment).outcome()).isEqualTo(Outcome.REFUND_CONFIRMED);
    }

    @Test
    void a_failed_refund_gives_nothing_back() {
        var after = after(decide(refund("R1", 100, RefundResult.FAILED), Known.paid(FulfilmentState.SUCCEEDED)));

        assertThat(after.state()).isEqualTo(PAID);
        assertThat(after.refunded()).isEqualTo(Money.fen(0));
        assertThat(after.refunds())
                .containsExactly(Map.entry("R1", new KnownRefund("R1", Money.fen(100), KnownRefund.State.FAILED)));
    }

    /** Alipay tells only the sum; whatever the order, the sum is right at the end. */
    @ParameterizedTest
    @CsvSource({"300 500 1000", "500 300 1000", "1000 500 300", "300 1000 500", "300 300 300 500 1000 1000"})
    void cumulative_refunds_add_up_in_any_order(String sums) {
        var payment = Known.paid(FulfilmentState.SUCCEEDED);
        for (var sum : sums.split(" ")) {
            var decision = decide(inAll("R" + sum, Long.parseLong(sum)), payment);
            assertThat(decision.outcome()).isIn(Outcome.REFUND_CONFIRMED, Outcome.DUPLICATE);
            payment = decision.change().map(Decision.Change::after).orElse(payment);
        }
        assertThat(payment.refunded()).isEqualTo(Money.fen(1000));
        assertThat(payment.state()).isEqualTo(PaymentState.REFUNDED);
        assertThat(payment.refunds().values().stream()
                        .mapToLong(refund -> refund.amount().minorUnits())
                        .sum())
                .isEqualTo(1000);
    }

    @ParameterizedTest
    @EnumSource(
            value = KnownRefund.State.class,
            names = {"REQUESTED", "PROCESSING"})
    void a_refund_of_ours_is_settled_by_its_number_whether_the_notice_has_its_amount_or_the_sum(
            KnownRefund.State state) {
        var ours = new KnownRefund("R1", Money.fen(300), state);
        var payment = Known.payment(PAID, 0, FulfilmentState.SUCCEEDED, null, ours);

        for (var fact : List.of(refund("R1", 300), inAll("R1", 300), inAll("R1", 700))) {
            var decision = decide(fact, payment);
            assertThat(decision.outcome()).isEqualTo(Outcome.REFUND_CONFIRMED);
            assertThat(after(decision).refunded()).isEqualTo(Money.fen(300));
        }
        assertThat(decide(refund("R1", 299), payment).outcome()).isEqualTo(Outcome.MISMATCH);
        assertThat(after(decide(refund("R1", 300, RefundResult.FAILED), payment))
                        .refunded())
                .isEqualTo(Money.fen(0));
    }

    @ParameterizedTest
    @EnumSource(
            value = KnownRefund.State.class,
            names = {"REQUESTED", "FAILED"})
    void a_message_about_a_refund_that_nobody_approved_does_not_fit(KnownRefund.State state) {
        var ours = new KnownRefund("R1", Money.fen(300), state, true);
        var payment = Known.payment(PAID, 0, FulfilmentState.SUCCEEDED, null, ours);

        for (var fact : List.of(refund("R1", 300), refund("R1", 300, RefundResult.FAILED), inAll("R1", 300))) {
            var decision = decide(fact, payment);
            assertThat(decision.outcome()).isEqualTo(Outcome.MISMATCH);
            assertThat(decision.change()).isEmpty();
            assertThat(decision.differences()).extracting(Comparison::check).containsExactly(Check.STATE);
        }
    }

    @Test
    void a_sum_of_a_stranger_is_split_while_a_refund_of_ours_waits_to_be_sent() {
        var ours = new KnownRefund("R1", Money.fen(300), KnownRefund.State.REQUESTED, true);
        var payment = Known.payment(PAID, 0, FulfilmentState.SUCCEEDED, null, ours);

        assertThat(after(decide(inAll("R-console", 500), payment)).refunds().get("R-console"))
                .isEqualTo(new KnownRefund("R-console", Money.fen(500), KnownRefund.State.SUCCEEDED));
    }

    /** Else a refund of ours that is contained in the sum would be booked twice. */
    @Test
    void a_sum_of_a_stranger_is_not_split_while_a_refund_of_ours_is_under_way() {
        var ours = new KnownRefund("R1", Money.fen(300), KnownRefund.State.PROCESSING);
        var payment = Known.payment(PAID, 0, FulfilmentState.SUCCEEDED, null, ours);

        assertThat(decide(inAll("R-console", 500), payment).outcome()).isEqualTo(Outcome.MISMATCH);
        assertThat(decide(inAll(null, 500), payment).outcome()).isEqualTo(Outcome.MISMATCH);

        var settled = after(decide(refund("R1", 300), payment));
        assertThat(after(decide(inAll("R-console", 500), settled)).refunds().get("R-console"))
                .isEqualTo(new KnownRefund("R-console", Money.fen(200), KnownRefund.State.SUCCEEDED));
    }

    @Test
    void money_of_a_refund_that_was_given_up_is_booked_under_a_number_of_its_own_and_once() {
        for (var state : List.of(KnownRefund.State.FAILED, KnownRefund.State.SUCCEEDED)) {
            boolean paidOut = state == KnownRefund.State.SUCCEEDED;
            var ours = new KnownRefund("R1", Money.fen(300), state, false, true);
            var payment = Known.payment(
                    paidOut ? PARTIALLY_REFUNDED : PAID, paidOut ? 300 : 0, FulfilmentState.SUCCEEDED, null, ours);

            for (var fact : List.of(refund("R1", 300), inAll("R1", 300))) {
                var decision = decide(fact, payment);
                assertThat(decision.outcome()).isEqualTo(Outcome.REFUND_CONFIRMED);
                assertThat(after(decision).refunds())
                        .containsEntry("R1", ours)
                        .containsEntry("R1~2", new KnownRefund("R1~2", Money.fen(300), KnownRefund.State.SUCCEEDED));
                assertThat(after(decision).refunded()).isEqualTo(Money.fen(paidOut ? 600 : 300));
                assertThat(decide(fact, after(decision)).outcome()).isEqualTo(Outcome.DUPLICATE);
            }
            assertThat(decide(refund("R1", 300, RefundResult.FAILED), payment).outcome())
                    .isEqualTo(Outcome.DUPLICATE);
        }
    }

    @Test
    void money_of_a_refund_that_was_given_up_fits_only_if_so_much_is_left() {
        var ours = new KnownRefund("R1", Money.fen(700), KnownRefund.State.SUCCEEDED, false, true);
        var payment = Known.payment(PARTIALLY_REFUNDED, 700, FulfilmentState.SUCCEEDED, null, ours);

        assertThat(decide(refund("R1", 700), payment).outcome()).isEqualTo(Outcome.MISMATCH);
        assertThat(decide(inAll("R1", 700), payment).outcome()).isEqualTo(Outcome.MISMATCH);
    }

    /** A provider's sum does not hold what was paid out past it. */
    @Test
    void a_sum_is_split_without_what_was_paid_out_elsewhere() {
        var ours = new KnownRefund("R1", Money.fen(300), KnownRefund.State.SUCCEEDED, false, true);
        var payment = Known.payment(PARTIALLY_REFUNDED, 300, FulfilmentState.SUCCEEDED, null, ours);

        assertThat(after(decide(inAll("R-console", 200), payment)).refunds().get("R-console"))
                .isEqualTo(new KnownRefund("R-console", Money.fen(200), KnownRefund.State.SUCCEEDED));
    }

    @Test
    void what_is_under_way_counts_as_given_and_what_failed_does_not() {
        var payment = Known.payment(
                PARTIALLY_REFUNDED,
                100,
                FulfilmentState.SUCCEEDED,
                null,
                new KnownRefund("R0", Money.fen(100), KnownRefund.State.SUCCEEDED),
                new KnownRefund("R1", Money.fen(200), KnownRefund.State.REQUESTED),
                new KnownRefund("R2", Money.fen(300), KnownRefund.State.PROCESSING),
                new KnownRefund("R3", Money.fen(350), KnownRefund.State.FAILED));

        assertThat(payment.refundable()).isEqualTo(Money.fen(400));
    }

    @Test
    void cumulative_refunds_beyond_the_payment_do_not_fit() {
        assertThat(differing(inAll("R1", 1001))).containsExactly(Check.AMOUNT);
    }

    @Test
    void refunds_without_a_number_are_told_apart_by_their_sum() {
        var payment = Known.paid(FulfilmentState.SUCCEEDED);

        var first = after(decide(inAll(null, 300), payment));
        assertThat(decide(inAll(null, 300), first).outcome()).isEqualTo(Outcome.DUPLICATE);
        var second = after(decide(inAll(null, 1000), first));
        assertThat(decide(inAll(null, 300), second).outcome()).isEqualTo(Outcome.DUPLICATE);
        assertThat(decide(inAll(null, 1000), second).outcome()).isEqualTo(Outcome.DUPLICATE);

        assertThat(first.refunds()).containsOnlyKeys(Known.NUMBER);
        assertThat(second.refunded()).isEqualTo(Known.AMOUNT);
        assertThat(second.refunds()).containsOnlyKeys(Known.NUMBER, Known.NUMBER + "-1000");
    }

    /** Whatever arrives in whatever order: a state never goes back, and no more is given back than was paid. */
    @Test
    void no_sequence_of_facts_leads_back() {
        var facts = new ArrayList<>(List.of(paid, closed, unchanged));
        for (long fen = 100; fen <= 1000; fen += 300) {
            facts.add(refund("R" + fen, fen));
            facts.add(refund("R" + fen, fen, RefundResult.FAILED));
            facts.add(inAll("A" + fen, fen));
            facts.add(inAll(null, fen));
        }
        for (int seed = 0; seed < 500; seed++) {
            var random = new Random(seed);
            var payment = Known.payment(PENDING);
            for (int i = 0; i < 30; i++) {
                var before = payment;
                var decision = decide(facts.get(random.nextInt(facts.size())), before);
                payment = decision.change().map(Decision.Change::after).orElse(before);

                var step = "seed %d: %s to %s".formatted(seed, before, payment);
                assertThat(payment.state() == before.state() || before.state().mayBecome(payment.state()))
                        .as(step)
                        .isTrue();
                assertThat(payment.refunded().minorUnits())
                        .as(step)
                        .isBetween(before.refunded().minorUnits(), 1000L);
                assertThat(payment.refunds().values().stream()
                                .filter(refund -> refund.state() == KnownRefund.State.SUCCEEDED)
                                .mapToLong(refund -> refund.amount().minorUnits())
                                .sum())
                        .as(step)
                        .isEqualTo(payment.refunded().minorUnits());
            }
        }
    }

    private static List<Check> differing(Fact fact) {
        return differing(fact, Known.paid(FulfilmentState.SUCCEEDED));
    }

    private static List<Check> differing(Fact fact, KnownPayment payment) {
        var decision = decide(fact, payment);
        assertThat(decision.outcome()).isEqualTo(Outcome.MISMATCH);
        return decision.differences().stream().map(Comparison::check).toList();
    }

    private static Decision decide(Fact fact, KnownPayment payment) {
        return Decide.decide(booking(fact), Optional.of(payment));
    }

    private static Decision accepting(long received, boolean handOut, Fact fact, KnownPayment payment) {
        var accepted = new Accepted(Money.fen(received), handOut);
        return Decide.decide(booking(fact).accepting(accepted), Optional.of(payment));
    }

    private static KnownPayment after(Decision decision) {
        return decision.change().orElseThrow().after();
    }

    private static Booking booking(Fact fact) {
        return new Booking("wechat", "main", US, fact);
    }

    private static Fact paid(Money amount, String transaction) {
        return new Fact.Paid(Known.NUMBER, US, transaction, amount, Known.PAID_AT);
    }

    private static Fact paid(Claim claim, Check check, @Nullable String value) {
        var parties = new HashMap<>(claim.parties());
        if (value == null) {
            parties.remove(check);
        } else {
            parties.put(check, value);
        }
        return new Fact.Paid(Known.NUMBER, new Claim(parties), "4200", Known.AMOUNT, Known.PAID_AT);
    }

    private static Fact refund(String refundNo, long fen) {
        return refund(refundNo, fen, RefundResult.SUCCEEDED);
    }

    private static Fact refund(String refundNo, long fen, RefundResult result) {
        return new Fact.Refunded(
                Known.NUMBER,
                US,
                result,
                Known.TRANSACTION,
                refundNo,
                "5030" + refundNo,
                Money.fen(fen),
                null,
                Known.AMOUNT,
                Instant.EPOCH);
    }

    private static Fact inAll(@Nullable String refundNo, long fen) {
        return refunded(refundNo, null, Money.fen(fen), Known.AMOUNT, Known.TRANSACTION);
    }

    private static Fact refunded(
            @Nullable String refundNo,
            @Nullable Money amount,
            @Nullable Money inAll,
            @Nullable Money total,
            String transaction) {
        return new Fact.Refunded(
                Known.NUMBER,
                US,
                RefundResult.SUCCEEDED,
                transaction,
                refundNo,
                null,
                amount,
                inAll,
                total,
                Instant.EPOCH);
    }
}
