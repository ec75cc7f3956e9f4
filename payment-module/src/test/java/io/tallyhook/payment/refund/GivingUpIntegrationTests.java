package io.tallyhook.payment.refund;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tallyhook.payment.Door;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.GiveUpRefunds;
import io.tallyhook.payment.GoodsTakenBack;
import io.tallyhook.payment.MoodyBank;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Refund;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.Till;
import io.tallyhook.payment.board.Board;
import io.tallyhook.payment.board.BoardFilter;
import io.tallyhook.payment.board.BoardLine;
import io.tallyhook.payment.board.Cause;
import io.tallyhook.payment.booking.Intake;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.provider.Fact.RefundResult;
import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import io.tallyhook.payment.provider.RefundAnswer;
import io.tallyhook.payment.provider.RefundOrder;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.PlainBank;
import tallyhook.testing.RuntimeRole;
import tallyhook.testing.WeChatNotification;

/** What never gets a clear answer ends on the word of two persons, and what the provider says later is never swallowed. */
@PaymentModuleTest
class GivingUpIntegrationTests {

    private static final long PAID = RefundDesk.PAID;

    private final RefundDesk desk;
    private final Refunds refunds;
    private final GiveUpRefunds giveUp;
    private final MoodyBank bank;
    private final GoodsTakenBack goods;
    private final Intake intake;
    private final Till till;
    private final Door door;
    private final Board board;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private String refundNo = "";
    private String outTradeNo = "";

    GivingUpIntegrationTests(
            RefundDesk desk,
            Refunds refunds,
            GiveUpRefunds giveUp,
            MoodyBank bank,
            GoodsTakenBack goods,
            Intake intake,
            Till till,
            Door door,
            Board board,
            JdbcClient jdbc,
            PlatformTransactionManager transactions) {
        this.desk = desk;
        this.refunds = refunds;
        this.giveUp = giveUp;
        this.bank = bank;
        this.goods = goods;
        this.intake = intake;
        this.till = till;
        this.door = door;
        this.board = board;
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
    void two_persons_say_that_nothing_went_and_everything_comes_back() {
        unclearForLong(PAID);
        assertThat(desk.refund(outTradeNo, refundNo).mayBeGivenUp()).isTrue();

        var proposed = giveUp.proposeNothingWent(outTradeNo, refundNo, "not in the console", "mei");

        assertThat(proposed.state()).isEqualTo("REQUESTED");
        assertThat(proposed.awaitsGivingUp()).isTrue();
        assertThat(giveUp.awaitingConfirmation()).extracting(Refund::refundNo).contains(refundNo);
        assertThat(goods.done(refundNo)).containsExactly("take");

        nobodySendsAnyMore();
        var given = giveUp.confirm(outTradeNo, refundNo, "jun");

        assertThat(given.state()).isEqualTo("FAILED");
        assertThat(given.isGivenUp()).isTrue();
        desk.unwound(outTradeNo, refundNo);
        assertThat(goods.done(refundNo)).containsExactly("take", "giveBack");
        assertThat(desk.payment(outTradeNo).state()).isEqualTo(PaymentState.PAID);
        assertThat(giveUp.awaitingConfirmation()).extracting(Refund::refundNo).doesNotContain(refundNo);
        assertThat(done())
                .containsExactly(
                        "PROPOSE_GIVING_UP mei %s as FAILED: not in the console".formatted(refundNo),
                        "GIVE_UP_REFUND jun %s as FAILED: not in the console".formatted(refundNo));
        assertThat(desk.ask(outTradeNo, RefundDesk.number(), PAID).state()).isEqualTo("SUCCEEDED");
    }

    @Test
    void two_persons_say_that_it_was_paid_out_in_another_way_and_it_has_succeeded_with_the_reference() {
        unclearForLong(PAID);
        giveUp.proposePaidOut(outTradeNo, refundNo, "by bank transfer", "BT-2026-77", "mei");
        nobodySendsAnyMore();

        var given = giveUp.confirm(outTradeNo, refundNo, "jun");

        assertThat(given.state()).isEqualTo("SUCCEEDED");
        assertThat(given.givingUp()).satisfies(done -> {
            assertThat(done.reference()).isEqualTo("BT-2026-77");
            assertThat(done.proposedBy()).isEqualTo("mei");
            assertThat(done.confirmedBy()).isEqualTo("jun");
        });
        desk.unwound(outTradeNo, refundNo);
        assertThat(goods.done(refundNo)).containsExactly("take", "settle");
        assertThat(desk.payment(outTradeNo).state()).isEqualTo(PaymentState.REFUNDED);
        assertThat(desk.payment(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.REVERSED);
        assertThat(bank.givenBack(refundNo)).isEmpty();
    }

    @Test
    void what_the_provider_calls_stuck_can_be_given_up_at_once() {
        outTradeNo = desk.handedOut();
        bank.onRefund(refundNo, order -> new RefundAnswer.Stuck("ABNORMAL", "G1"));
        bank.onQueryRefund(refundNo, order -> Optional.of(new RefundAnswer.Stuck("ABNORMAL", "G1")));
        desk.ask(outTradeNo, refundNo, PAID);

        giveUp.proposePaidOut(outTradeNo, refundNo, "the card is closed", "BT-1", "mei");
        nobodySendsAnyMore();

        assertThat(giveUp.confirm(outTradeNo, refundNo, "jun").state()).isEqualTo("SUCCEEDED");
        assertThat(desk.refund(outTradeNo, refundNo).providerRefundId()).isEqualTo("G1");
    }

    @Test
    void before_its_time_it_cannot_be_given_up() {
        unclear(PAID);

        refusesToPropose("refund-not-hopeless");

        assertThat(desk.refund(outTradeNo, refundNo).mayBeGivenUp()).isFalse();
        assertThat(bank.callsAbout(refundNo)).containsExactly("refund");
    }

    @Test
    void what_has_ended_goes_on_or_waits_for_a_second_person_cannot_be_given_up() {
        outTradeNo = desk.handedOut();
        desk.ask(outTradeNo, refundNo, 1);
        refusesToPropose("refund-not-hopeless");

        var goesOn = RefundDesk.number();
        bank.onRefund(goesOn, order -> new RefundAnswer.Accepted("G1"));
        desk.ask(outTradeNo, goesOn, 1);
        hoursPass(goesOn);
        refundNo = goesOn;
        refusesToPropose("refund-not-hopeless");

        refundNo = RefundDesk.number();
        jdbc.sql("""
                        INSERT INTO payment.refund (out_trade_no, refund_no, state, amount, reason, created_at, requested_by,
                          gone_before, needs_approval, due_at, error)
                        VALUES (:outTradeNo, :refundNo, 'REQUESTED', 1, 'r', now() - interval '1 d', 'mei', 2, true,
                          'infinity', 'never sent')
                        """)
                .param("outTradeNo", outTradeNo)
                .param("refundNo", refundNo)
                .update();
        refusesToPropose("refund-not-hopeless");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "two\nlines"})
    void without_a_reason_or_a_reference_nothing_is_proposed(String nothing) {
        unclearForLong(PAID);

        assertThatThrownBy(() -> giveUp.proposeNothingWent(outTradeNo, refundNo, nothing, "mei"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("reason");
        assertThatThrownBy(() -> giveUp.proposePaidOut(outTradeNo, refundNo, "by hand", nothing, "mei"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("reference");

        assertThat(desk.refund(outTradeNo, refundNo).givingUp()).isNull();
    }

    @Test
    void who_has_proposed_it_cannot_confirm_it_and_nobody_proposes_twice() {
        unclearForLong(PAID);
        giveUp.proposeNothingWent(outTradeNo, refundNo, "not in the console", "mei");
        nobodySendsAnyMore();

        refusesToConfirm("mei", "own-proposal");
        refusesToPropose("proposed-before");

        assertThat(desk.refund(outTradeNo, refundNo).state()).isEqualTo("REQUESTED");
    }

    @Test
    void as_long_as_somebody_may_be_sending_it_it_cannot_be_confirmed() {
        unclearForLong(PAID);
        giveUp.proposeNothingWent(outTradeNo, refundNo, "not in the console", "mei");

        refusesToConfirm("jun", "refund-being-sent");

        assertThat(desk.refund(outTradeNo, refundNo).state()).isEqualTo("REQUESTED");
    }

    @Test
    void while_it_is_proposed_it_is_asked_for_and_not_sent() {
        unclearForLong(PAID);
        giveUp.proposeNothingWent(outTradeNo, refundNo, "not in the console", "mei");
        bank.onRefund(refundNo, bank::really);

        desk.sweep(refundNo);
        refunds.tryAgain(outTradeNo, refundNo, "li");

        assertThat(bank.callsAbout(refundNo)).containsOnlyOnce("refund").contains("query");
        assertThat(bank.givenBack(refundNo)).isEmpty();
        assertThat(desk.refund(outTradeNo, refundNo).state()).isEqualTo("REQUESTED");
    }

    @Test
    void a_rejected_proposal_goes_and_the_refund_goes_on() {
        unclearForLong(PAID);
        giveUp.proposeNothingWent(outTradeNo, refundNo, "not in the console", "mei");

        assertThat(giveUp.reject(outTradeNo, refundNo, "jun").givingUp()).isNull();
        bank.onRefund(refundNo, bank::really);
        bank.onQueryRefund(refundNo, order -> Optional.empty());

        assertThat(refunds.tryAgain(outTradeNo, refundNo, "li").state()).isEqualTo("SUCCEEDED");
        assertThat(done()).anyMatch(deed -> deed.startsWith("REJECT_GIVING_UP jun"));
        assertThatThrownBy(() -> giveUp.reject(outTradeNo, refundNo, "jun")).isInstanceOf(Refusal.class);
    }

    @Test
    void what_the_provider_answers_when_it_is_asked_once_more_counts_for_more() {
        unclearForLong(PAID);
        bank.onQueryRefund(refundNo, order -> Optional.of(bank.really(order)));

        refusesToPropose("refund-answered");

        assertThat(desk.refund(outTradeNo, refundNo).state()).isEqualTo("SUCCEEDED");
    }

    @Test
    void so_does_what_it_answers_when_the_second_person_confirms() {
        unclearForLong(PAID);
        giveUp.proposeNothingWent(outTradeNo, refundNo, "not in the console", "mei");
        nobodySendsAnyMore();
        bank.onQueryRefund(refundNo, order -> Optional.of(new RefundAnswer.Accepted("G1")));

        refusesToConfirm("jun", "refund-answered");
        assertThat(desk.refund(outTradeNo, refundNo).state()).isEqualTo("PROCESSING");

        bank.onQueryRefund(refundNo, order -> Optional.of(bank.really(order)));
        desk.sweep(refundNo);
        assertThat(desk.refund(outTradeNo, refundNo).state()).isEqualTo("SUCCEEDED");
        assertThat(desk.refund(outTradeNo, refundNo).isGivenUp()).isFalse();
        refusesToConfirm("jun", "refund-not-hopeless");
    }

    @Test
    void an_answer_that_cannot_be_booked_is_an_answer() {
        unclearForLong(PAID);
        bank.onQueryRefund(
                refundNo,
                order -> Optional.of(new RefundAnswer.Ended(PlainBank.refunded(order(1), RefundResult.SUCCEEDED))));

        refusesToPropose("refund-answered");

        assertThat(desk.refund(outTradeNo, refundNo).state()).isEqualTo("REQUESTED");
        assertThat(desk.refund(outTradeNo, refundNo).givingUp()).isNull();
    }

    @Test
    void two_who_confirm_at_once_end_it_once() throws Exception {
        unclearForLong(PAID);
        giveUp.proposeNothingWent(outTradeNo, refundNo, "not in the console", "mei");
        nobodySendsAnyMore();

        var answers = atOnce(List.of(
                () -> outcome(() -> giveUp.confirm(outTradeNo, refundNo, "jun")),
                () -> outcome(() -> giveUp.confirm(outTradeNo, refundNo, "li"))));

        assertThat(answers).containsOnlyOnce("done");
        desk.unwound(outTradeNo, refundNo);
        assertThat(goods.done(refundNo)).containsExactly("take", "giveBack");
    }

    @Test
    void a_notice_of_the_same_moment_is_booked_before_or_after_and_never_lost() throws Exception {
        for (int round = 0; round < 6; round++) {
            refundNo = RefundDesk.number();
            unclearForLong(PAID);
            giveUp.proposeNothingWent(outTradeNo, refundNo, "not in the console", "mei");
            nobodySendsAnyMore();

            atOnce(List.of(
                    () -> outcome(() -> giveUp.confirm(outTradeNo, refundNo, "jun")),
                    () -> notice(RefundResult.SUCCEEDED).name()));

            assertThat(desk.payment(outTradeNo).state()).isEqualTo(PaymentState.REFUNDED);
            assertThat(desk.payment(outTradeNo).refundedAmount()).isEqualTo(PAID);
            var after =
                    refunds.of(outTradeNo).stream().filter(Refund::isAfterAll).toList();
            assertThat(after).hasSize(desk.refund(outTradeNo, refundNo).isGivenUp() ? 1 : 0);
        }
    }

    @Test
    void money_that_has_gone_after_all_is_booked_once_and_taken_from_what_was_given_back() {
        givenUpAsNothingWent(PAID);
        var after = refundNo + Refund.AFTER_ALL;
        goods.isShortOf(after, RefundDesk.fen(700));

        assertThat(notice(RefundResult.SUCCEEDED)).isEqualTo(Outcome.REFUND_CONFIRMED);
        assertThat(notice(RefundResult.SUCCEEDED)).isEqualTo(Outcome.DUPLICATE);

        desk.unwound(outTradeNo, after);
        var booked = desk.refund(outTradeNo, after);
        assertThat(booked.state()).isEqualTo("SUCCEEDED");
        assertThat(booked.shortAmount()).isEqualTo(RefundDesk.fen(700));
        assertThat(booked.reason()).contains("after all");
        assertThat(desk.refund(outTradeNo, refundNo).state()).isEqualTo("FAILED");
        assertThat(desk.payment(outTradeNo).state()).isEqualTo(PaymentState.REFUNDED);
        assertThat(goods.done(after)).containsExactly("takeWhatIsLeft");
        assertThat(lines()).extracting(BoardLine::cause).containsExactly(Cause.SPENT);
    }

    @Test
    void a_notice_that_says_the_same_as_was_decided_changes_nothing() {
        givenUpAsNothingWent(PAID);

        assertThat(notice(RefundResult.FAILED)).isEqualTo(Outcome.DUPLICATE);
        assertThat(notice(RefundResult.ABNORMAL)).isEqualTo(Outcome.DUPLICATE);

        assertThat(refunds.of(outTradeNo)).hasSize(1);
        assertThat(desk.payment(outTradeNo).refundedAmount()).isZero();
        assertThat(lines()).isEmpty();
    }

    @Test
    void a_part_that_was_paid_out_elsewhere_and_by_the_provider_too_is_booked_twice() {
        unclearForLong(500);
        giveUp.proposePaidOut(outTradeNo, refundNo, "by bank transfer", "BT-1", "mei");
        nobodySendsAnyMore();
        giveUp.confirm(outTradeNo, refundNo, "jun");

        assertThat(intake.bookAnswer("bank", "main", PlainBank.refunded(order(500), RefundResult.SUCCEEDED))
                        .outcome())
                .isEqualTo(Outcome.REFUND_CONFIRMED);

        assertThat(desk.payment(outTradeNo).refundedAmount()).isEqualTo(1000);
    }

    @Test
    void what_others_gave_back_meanwhile_cannot_be_said_to_have_been_paid_out_too() {
        unclearForLong(PAID);
        var console = new RefundOrder(
                "main",
                outTradeNo,
                "console-1",
                RefundDesk.fen(1500),
                RefundDesk.fen(PAID),
                "c",
                URI.create("http://x"));
        intake.bookAnswer("bank", "main", PlainBank.refunded(console, RefundResult.SUCCEEDED));
        giveUp.proposePaidOut(outTradeNo, refundNo, "by bank transfer", "BT-1", "mei");
        nobodySendsAnyMore();

        refusesToConfirm("jun", "refund-exceeds-payment");

        assertThat(desk.payment(outTradeNo).refundedAmount()).isEqualTo(1500);
        assertThat(desk.refund(outTradeNo, refundNo).isUnderWay()).isTrue();
    }

    @Test
    void a_delivery_that_contradicts_it_and_fits_no_more_is_on_the_board_until_it_is_settled() {
        outTradeNo = till.opened("wechat");
        door.send(WeChatNotification.paid(outTradeNo, PAID));
        writtenAndGivenUp("SUCCEEDED", "'BT-9'", PAID);
        assertThat(lines()).extracting(BoardLine::cause).doesNotContain(Cause.REFUND_GIVEN_UP);

        var answer = door.send(WeChatNotification.refunded(outTradeNo, refundNo, PAID, PAID));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(lines()).extracting(BoardLine::cause).containsOnlyOnce(Cause.REFUND_GIVEN_UP);
        assertThat(desk.payment(outTradeNo).refundedAmount()).isEqualTo(PAID);
    }

    @Test
    void a_provider_that_takes_back_that_a_refund_has_succeeded_undoes_nothing_and_is_on_the_board() {
        outTradeNo = till.opened("wechat");
        door.send(WeChatNotification.paid(outTradeNo, PAID));
        door.send(WeChatNotification.refunded(outTradeNo, "console-9", 500, PAID));
        assertThat(lines()).extracting(BoardLine::cause).doesNotContain(Cause.REFUND_CONTRADICTED);

        var answer = door.send(WeChatNotification.refunded(outTradeNo, "console-9", 500, PAID)
                .eventType("REFUND.CLOSED")
                .refundStatus("CLOSED"));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(desk.refund(outTradeNo, "console-9").state()).isEqualTo("SUCCEEDED");
        assertThat(desk.payment(outTradeNo).refundedAmount()).isEqualTo(500);
        assertThat(lines()).extracting(BoardLine::cause).containsOnlyOnce(Cause.REFUND_CONTRADICTED);
    }

    @Test
    void a_delivery_that_contradicts_it_and_fits_is_booked_and_answered_with_success() {
        outTradeNo = till.opened("wechat");
        door.send(WeChatNotification.paid(outTradeNo, PAID));
        writtenAndGivenUp("FAILED", "NULL", PAID);

        var answer = door.send(WeChatNotification.refunded(outTradeNo, refundNo, PAID, PAID));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(lines()).extracting(BoardLine::cause).doesNotContain(Cause.REFUND_GIVEN_UP);
        assertThat(desk.payment(outTradeNo).state()).isEqualTo(PaymentState.REFUNDED);
    }

    @Test
    void the_database_refuses_one_person_a_change_afterwards_and_an_end_that_was_not_proposed() {
        givenUpAsNothingWent(500);
        refuses("give_up_reason = 'another'");
        refuses("given_up_by = 'li'");

        refundNo = RefundDesk.number();
        var stuck = refundNo;
        bank.onRefund(stuck, order -> {
            throw new ProviderUnclear("no answer", null);
        });
        desk.ask(outTradeNo, stuck, 500);
        refuses("given_up_by = 'mei', given_up_at = now()");
        update("give_up_as = 'FAILED', give_up_reason = 'r', give_up_by = 'mei', give_up_at = now()");
        refuses("give_up_reference = 'BT'");
        var ended = "due_at = NULL, settled_at = now(), unwind_due_at = now(), given_up_at = now()";
        refuses("state = 'FAILED', given_up_by = 'mei', " + ended);
        refuses("state = 'SUCCEEDED', given_up_by = 'jun', " + ended);
        refuses("state = 'FAILED', give_up_reason = 'another', given_up_by = 'jun', " + ended);
        update("state = 'FAILED', due_at = NULL, settled_at = now(), unwind_due_at = now()");
        refuses("given_up_by = 'jun', given_up_at = now()");
    }

    @Test
    void the_role_of_the_application_may_do_what_this_needs() {
        unclearForLong(PAID);

        RuntimeRole.of("payment").does(transaction, jdbc, () -> {
            update("give_up_as = 'FAILED', give_up_reason = 'r', give_up_by = 'mei', give_up_at = now()");
            update("state = 'FAILED', due_at = NULL, settled_at = now(), unwind_due_at = now(), given_up_by = 'jun',"
                    + " given_up_at = now()");
        });
    }

    private void unclear(long fen) {
        outTradeNo = desk.handedOut();
        bank.onRefund(refundNo, order -> {
            throw new ProviderUnclear("no complete answer", null);
        });
        bank.onQueryRefund(refundNo, order -> {
            throw new ProviderUnclear("no complete answer", null);
        });
        desk.ask(outTradeNo, refundNo, fen);
    }

    private void unclearForLong(long fen) {
        unclear(fen);
        hoursPass(refundNo);
    }

    /** Since it was asked for, which else never changes. */
    private void hoursPass(String number) {
        transaction.executeWithoutResult(status -> {
            jdbc.sql("ALTER TABLE payment.refund DISABLE TRIGGER refund_terms").update();
            jdbc.sql("UPDATE payment.refund SET created_at = now() - interval '2 h' WHERE refund_no = :number")
                    .param("number", number)
                    .update();
            jdbc.sql("ALTER TABLE payment.refund ENABLE TRIGGER refund_terms").update();
        });
    }

    /** The lease of whoever had taken it on before the proposal has ended. */
    private void nobodySendsAnyMore() {
        update("give_up_at = now() - interval '2 minutes'");
    }

    private void givenUpAsNothingWent(long fen) {
        unclearForLong(fen);
        giveUp.proposeNothingWent(outTradeNo, refundNo, "not in the console", "mei");
        nobodySendsAnyMore();
        giveUp.confirm(outTradeNo, refundNo, "jun");
        desk.unwound(outTradeNo, refundNo);
    }

    /** At a provider whose notices come through the door. */
    private void writtenAndGivenUp(String as, String reference, long fen) {
        jdbc.sql("""
                        INSERT INTO payment.refund (out_trade_no, refund_no, state, amount, reason, created_at, requested_by,
                          gone_before, attempts, due_at)
                        VALUES (:outTradeNo, :refundNo, 'REQUESTED', :fen, 'r', now(), 'mei', 0, 3, now() + interval '1 d')
                        """)
                .param("outTradeNo", outTradeNo)
                .param("refundNo", refundNo)
                .param("fen", fen)
                .update();
        update("give_up_as = '%s', give_up_reference = %s, give_up_reason = 'r', give_up_by = 'mei', give_up_at = now()"
                .formatted(as, reference));
        transaction.executeWithoutResult(status -> {
            update("state = '%s', due_at = NULL, settled_at = now(), given_up_by = 'jun', given_up_at = now()"
                    .formatted(as));
            if (as.equals("SUCCEEDED")) {
                jdbc.sql("""
                                UPDATE payment.payment SET state = 'REFUNDED', refunded_amount = amount, due_at = NULL,
                                  fulfilment = CASE fulfilment WHEN 'SUCCEEDED' THEN 'REVERSED' ELSE 'CANCELLED' END,
                                  version = version + 1
                                WHERE out_trade_no = :outTradeNo
                                """).param("outTradeNo", outTradeNo).update();
            }
        });
    }

    private RefundOrder order(long fen) {
        return new RefundOrder(
                "main", outTradeNo, refundNo, RefundDesk.fen(fen), RefundDesk.fen(PAID), "r", URI.create("http://x"));
    }

    private Outcome notice(RefundResult result) {
        return intake.bookAnswer("bank", "main", PlainBank.refunded(order(PAID), result))
                .outcome();
    }

    private void refusesToPropose(String type) {
        var refusal = catchThrowableOfType(
                Refusal.class, () -> giveUp.proposeNothingWent(outTradeNo, refundNo, "not in the console", "mei"));
        assertThat(refusal.type()).isEqualTo(type);
    }

    private void refusesToConfirm(String actor, String type) {
        var refusal = catchThrowableOfType(Refusal.class, () -> giveUp.confirm(outTradeNo, refundNo, actor));
        assertThat(refusal.type()).isEqualTo(type);
    }

    private void refuses(String change) {
        assertThatThrownBy(() -> update(change)).isInstanceOf(DataIntegrityViolationException.class);
    }

    private void update(String change) {
        jdbc.sql("UPDATE payment.refund SET %s WHERE refund_no = :refundNo".formatted(change))
                .param("refundNo", refundNo)
                .update();
    }

    private List<BoardLine> lines() {
        return board.lines(BoardFilter.of(outTradeNo), new Paging(200, null)).items();
    }

    private List<String> done() {
        return jdbc.sql("SELECT action || ' ' || actor || ' ' || result FROM payment.intervention"
                        + " WHERE out_trade_no = :outTradeNo ORDER BY at, action DESC")
                .param("outTradeNo", outTradeNo)
                .query((row, number) -> row.getString(1))
                .list();
    }

    private static String outcome(Runnable something) {
        try {
            something.run();
            return "done";
        } catch (Refusal refusal) {
            return refusal.type();
        }
    }

    private static List<String> atOnce(List<Callable<String>> all) throws Exception {
        var gate = new CyclicBarrier(all.size());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<String>>();
            for (var one : all) {
                running.add(threads.submit(() -> {
                    gate.await();
                    return one.call();
                }));
            }
            var answers = new ArrayList<String>();
            for (var one : running) {
                answers.add(one.get(60, TimeUnit.SECONDS));
            }
            return answers;
        }
    }
}
