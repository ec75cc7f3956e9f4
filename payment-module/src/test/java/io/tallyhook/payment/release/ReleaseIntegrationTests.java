package io.tallyhook.payment.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tallyhook.payment.Door;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.GoodsTakenBack;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.PaymentView;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Refund;
import io.tallyhook.payment.RefundRequest;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.Savings;
import io.tallyhook.payment.Till;
import io.tallyhook.payment.board.Board;
import io.tallyhook.payment.board.BoardFilter;
import io.tallyhook.payment.board.BoardKind;
import io.tallyhook.payment.board.BoardLine;
import io.tallyhook.payment.board.Cause;
import io.tallyhook.payment.board.Repair;
import io.tallyhook.payment.board.Repairs;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.callback.CallbackDetail.Intervention;
import io.tallyhook.payment.callback.Callbacks;
import io.tallyhook.payment.policy.PolicyBench;
import io.tallyhook.payment.release.Release.Action;
import io.tallyhook.payment.release.Release.State;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.RuntimeRole;
import tallyhook.testing.WeChatNotification;

/** Two people let a genuine delivery of another amount out of its quarantine: what that books, and what it never does. */
@PaymentModuleTest
class ReleaseIntegrationTests {

    private static final long ASKED = 1999;

    private final Releases releases;
    private final Quarantine quarantine;
    private final PolicyBench bench;
    private final Payments payments;
    private final Refunds refunds;
    private final Callbacks callbacks;
    private final Board board;
    private final Repairs repairs;
    private final Till till;
    private final Door door;
    private final GoodsTakenBack goods;
    private final Savings savings;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    ReleaseIntegrationTests(
            Releases releases,
            Quarantine quarantine,
            PolicyBench bench,
            Payments payments,
            Refunds refunds,
            Callbacks callbacks,
            Board board,
            Repairs repairs,
            Till till,
            Door door,
            GoodsTakenBack goods,
            Savings savings,
            JdbcClient jdbc,
            PlatformTransactionManager transactions) {
        this.releases = releases;
        this.quarantine = quarantine;
        this.bench = bench;
        this.payments = payments;
        this.refunds = refunds;
        this.callbacks = callbacks;
        this.board = board;
        this.repairs = repairs;
        this.till = till;
        this.door = door;
        this.goods = goods;
        this.savings = savings;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    @AfterEach
    void everythingIsFineAgain() {
        goods.handsOutForOtherAmount(true);
        savings.recover();
        till.listener().recover();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1899, 2099})
    void two_people_hand_out_for_another_amount_and_what_was_received_is_what_can_go_back(long received) {
        var outTradeNo = quarantine.paidWith(received);

        var proposal = propose(outTradeNo, Action.REOPEN);
        assertThat(payment(outTradeNo).state()).isEqualTo(PaymentState.PENDING);
        var released = releases.confirm(proposal.id(), "jun");

        assertThat(released.state()).isEqualTo(State.RELEASED);
        var payment = till.settled(outTradeNo);
        assertThat(payment.state()).isEqualTo(PaymentState.PAID);
        assertThat(payment.fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(payment.amount()).isEqualTo(Money.fen(ASKED));
        assertThat(payment.received()).isEqualTo(Money.fen(received));
        assertThat(till.handedOut(outTradeNo)).isOne();
        assertThat(PaymentView.of(payment)).satisfies(view -> {
            assertThat(view.amount()).isEqualTo(ASKED);
            assertThat(view.receivedAmount()).isEqualTo(received);
        });
        assertThat(refused(() -> ask(outTradeNo, "F-" + outTradeNo.substring(5), received + 1))
                        .type())
                .isEqualTo("refund-exceeds-payment");
        ask(outTradeNo, "G-" + outTradeNo.substring(5), received);
        assertThat(goods.said("G-" + outTradeNo.substring(5), "take")).satisfies(taken -> {
            assertThat(taken.paid()).isEqualTo(Money.fen(received));
            assertThat(taken.isLast()).isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1899, 2099})
    void two_people_give_back_all_that_was_received_and_nothing_is_handed_out(long received) {
        var outTradeNo = quarantine.paidWith(received);

        releases.confirm(propose(outTradeNo, Action.REFUND).id(), "jun");

        var refund = onlyRefund(outTradeNo);
        assertThat(refund.amount()).isEqualTo(Money.fen(received));
        assertThat(refund.requestedBy()).isEqualTo("mei");
        assertThat(refund.refundNo()).isEqualTo(PolicyBench.refundNo(outTradeNo, ParkingReason.OTHER_AMOUNT));
        door.send(WeChatNotification.refunded(outTradeNo, refund.refundNo(), received, received));
        var payment = payment(outTradeNo);
        assertThat(payment.state()).isEqualTo(PaymentState.REFUNDED);
        assertThat(payment.refundedAmount()).isEqualTo(received);
        assertThat(payment.fulfilment()).isEqualTo(FulfilmentState.CANCELLED);
        assertThat(till.handedOut(outTradeNo)).isZero();
        assertThat(lines(outTradeNo)).isEmpty();
        bench.learns();
        assertThat(bench.decisions(outTradeNo)).singleElement().satisfies(decision -> {
            assertThat(decision.why()).isEqualTo("RELEASED");
            assertThat(decision.result()).isEqualTo("DONE");
        });
    }

    @Test
    void after_the_release_a_repeat_is_a_duplicate_and_another_amount_is_quarantined() {
        var outTradeNo = quarantine.paidWith(1899);
        var delivery = quarantine.delivery(outTradeNo);
        releases.confirm(propose(outTradeNo, Action.REOPEN).id(), "jun");

        assertThat(door.send(WeChatNotification.paid(outTradeNo, 1899)).statusCode())
                .isEqualTo(200);
        assertThat(outcome(outTradeNo)).isEqualTo(Outcome.DUPLICATE);
        assertThat(callbacks.replay(delivery, "mei").outcome()).isEqualTo(Outcome.DUPLICATE);
        for (long other : List.of(ASKED, 1898L)) {
            assertThat(door.send(WeChatNotification.paid(outTradeNo, other)).statusCode())
                    .isEqualTo(400);
            assertThat(outcome(outTradeNo)).isEqualTo(Outcome.MISMATCH);
        }
        assertThat(payment(outTradeNo).received()).isEqualTo(Money.fen(1899));
        assertThat(till.settled(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(till.handedOut(outTradeNo)).isOne();
    }

    @Test
    void it_is_on_the_board_until_it_is_decided_and_everything_is_recorded() {
        var outTradeNo = quarantine.paidWith(1899);
        assertThat(only(outTradeNo).cause()).isEqualTo(Cause.OTHER_AMOUNT);
        assertThat(only(outTradeNo).repairs()).containsExactly(Repair.RELEASE, Repair.SETTLE);

        var first = propose(outTradeNo, Action.REOPEN);
        assertThat(only(outTradeNo).cause()).isEqualTo(Cause.RELEASE_WAITS);
        assertThat(only(outTradeNo).kind()).isEqualTo(BoardKind.QUARANTINED);
        assertThat(releases.waiting()).extracting(Release::id).contains(first.id());
        assertThat(releases.reject(first.id(), "jun", "ask the payer first").state())
                .isEqualTo(State.DECLINED);
        assertThat(only(outTradeNo).cause()).isEqualTo(Cause.OTHER_AMOUNT);
        var second = propose(outTradeNo, Action.REFUND);
        assertThat(releases.reject(second.id(), "mei", "my mistake").state()).isEqualTo(State.WITHDRAWN);
        releases.confirm(propose(outTradeNo, Action.REOPEN).id(), "jun");

        assertThat(lines(outTradeNo)).isEmpty();
        assertThat(callbacks.interventions(outTradeNo))
                .extracting(Intervention::actor, Intervention::action)
                .contains(
                        org.assertj.core.groups.Tuple.tuple("mei", "PROPOSE_RELEASE"),
                        org.assertj.core.groups.Tuple.tuple("jun", "DECLINE_RELEASE"),
                        org.assertj.core.groups.Tuple.tuple("mei", "WITHDRAW_RELEASE"),
                        org.assertj.core.groups.Tuple.tuple("jun", "CONFIRM_RELEASE"));
        assertThat(releases.of(outTradeNo))
                .extracting(Release::state)
                .containsExactly(State.RELEASED, State.WITHDRAWN, State.DECLINED);
    }

    @Test
    void nobody_confirms_what_he_has_proposed_himself() {
        var outTradeNo = quarantine.paidWith(1899);
        var proposal = propose(outTradeNo, Action.REFUND);

        assertThat(refused(() -> releases.confirm(proposal.id(), "mei")).type()).isEqualTo("own-release");

        untouched(outTradeNo);
        assertThat(releases.of(outTradeNo)).singleElement().matches(Release::isOpen);
    }

    @Test
    void there_is_one_proposal_at_a_time_and_the_first_word_on_it_counts() {
        var outTradeNo = quarantine.paidWith(1899);
        var proposal = propose(outTradeNo, Action.REOPEN);

        assertThat(refused(() -> propose(outTradeNo, Action.REFUND)).type()).isEqualTo("release-proposed");
        releases.reject(proposal.id(), "jun", "no");
        assertThat(refused(() -> releases.confirm(proposal.id(), "jun")).type()).isEqualTo("release-not-waiting");
        assertThat(refused(() -> releases.reject(proposal.id(), "mei", "no")).type())
                .isEqualTo("release-not-waiting");
        assertThat(refused(() -> releases.confirm(-1, "jun")).status().value()).isEqualTo(404);
        untouched(outTradeNo);
    }

    @Test
    void confirmed_many_times_at_once_it_is_booked_once_and_goes_back_once() {
        var outTradeNo = quarantine.paidWith(1899);
        var proposal = propose(outTradeNo, Action.REFUND);
        var refusals = Collections.synchronizedList(new ArrayList<String>());
        Runnable confirming = () -> {
            try {
                releases.confirm(proposal.id(), "jun");
            } catch (Refusal refusal) {
                refusals.add(refusal.type());
            }
        };

        Quarantine.together(confirming, confirming, confirming, confirming);

        assertThat(refusals).hasSize(3).containsOnly("release-not-waiting");
        assertThat(onlyRefund(outTradeNo).amount()).isEqualTo(Money.fen(1899));
        assertThat(bench.decisions(outTradeNo)).hasSize(1);
    }

    @Test
    void proposed_by_many_at_once_one_of_them_waits() {
        var outTradeNo = quarantine.paidWith(1899);
        Runnable proposing = () -> {
            try {
                propose(outTradeNo, Action.REFUND);
            } catch (Refusal refusal) {
                assertThat(refusal.type()).isEqualTo("release-proposed");
            }
        };

        Quarantine.together(proposing, proposing, proposing, proposing);

        assertThat(releases.of(outTradeNo)).hasSize(1);
    }

    /** Whichever is first: it is paid once, and what the other says is refused. */
    @Test
    void the_right_amount_that_arrives_in_the_same_moment_is_booked_instead_or_quarantined_and_never_both() {
        for (int i = 0; i < 8; i++) {
            var outTradeNo = quarantine.paidWith(1899);
            var proposal = propose(outTradeNo, Action.REOPEN);
            var refusals = Collections.synchronizedList(new ArrayList<String>());
            var statuses = Collections.synchronizedList(new ArrayList<Integer>());

            Quarantine.together(
                    () -> {
                        try {
                            releases.confirm(proposal.id(), "jun");
                        } catch (Refusal refusal) {
                            refusals.add(refusal.type());
                        }
                    },
                    () -> statuses.add(door.send(WeChatNotification.paid(outTradeNo, ASKED))
                            .statusCode()));

            boolean released = refusals.isEmpty();
            assertThat(payment(outTradeNo).received()).isEqualTo(Money.fen(released ? 1899 : ASKED));
            assertThat(statuses).containsExactly(released ? 400 : 200);
            assertThat(refusals).isEqualTo(released ? List.of() : List.of("nothing-to-release"));
            assertThat(till.settled(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
            assertThat(till.handedOut(outTradeNo)).isOne();
        }
    }

    @Test
    void what_was_paid_meanwhile_is_left_alone_and_the_proposal_can_still_be_withdrawn() {
        var outTradeNo = quarantine.paidWith(1899);
        var proposal = propose(outTradeNo, Action.REFUND);
        door.send(WeChatNotification.paid(outTradeNo, ASKED));

        var refusal = refused(() -> releases.confirm(proposal.id(), "jun"));

        assertThat(refusal.type()).isEqualTo("nothing-to-release");
        assertThat(refusal.detail()).contains("is PAID meanwhile").contains("Nothing was booked");
        assertThat(payment(outTradeNo).received()).isEqualTo(Money.fen(ASKED));
        assertThat(refunds.of(outTradeNo)).isEmpty();
        assertThat(releases.reject(proposal.id(), "mei", "paid rightly").state())
                .isEqualTo(State.WITHDRAWN);
    }

    @ParameterizedTest
    @ValueSource(longs = {1899, 2099})
    void two_people_make_balance_of_just_what_was_received_and_a_refund_takes_it_from_there(long received) {
        goods.handsOutForOtherAmount(false);
        var outTradeNo = quarantine.paidWith(received);

        releases.confirm(propose(outTradeNo, Action.CREDIT_TO_WALLET).id(), "jun");

        assertThat(savings.saved(outTradeNo))
                .singleElement()
                .asString()
                .startsWith(Money.fen(received) + " of user-")
                .endsWith("by mei: a coin was missing");
        var payment = payment(outTradeNo);
        assertThat(payment.state()).isEqualTo(PaymentState.PAID);
        assertThat(payment.fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(payment.creditedAs()).isEqualTo(Savings.reference(outTradeNo));
        assertThat(till.handedOut(outTradeNo)).isZero();
        assertThat(refunds.of(outTradeNo)).isEmpty();
        assertThat(lines(outTradeNo)).isEmpty();
        var refundNo = "W-" + outTradeNo.substring(5);
        assertThat(refused(() -> ask(outTradeNo, refundNo, received + 1)).type())
                .isEqualTo("refund-exceeds-payment");
        ask(outTradeNo, refundNo, received);
        assertThat(savings.done(refundNo))
                .containsExactly("take %s of %s".formatted(Money.fen(received), Savings.reference(outTradeNo)));
    }

    @Test
    void what_the_wallet_does_not_take_is_not_booked_and_still_waits() {
        var outTradeNo = quarantine.paidWith(1899);
        var proposal = propose(outTradeNo, Action.CREDIT_TO_WALLET);
        savings.declines(outTradeNo, Refusal.conflict("full", "It is full."));

        assertThat(refused(() -> releases.confirm(proposal.id(), "jun")).type()).isEqualTo("full");
        untouched(outTradeNo);
        savings.recover();
        savings.after(outTradeNo, () -> {
            throw new IllegalStateException("killed");
        });
        assertThatThrownBy(() -> releases.confirm(proposal.id(), "jun")).hasMessageContaining("killed");
        untouched(outTradeNo);
        assertThat(savings.saved(outTradeNo)).isEmpty();
        savings.recover();

        releases.confirm(proposal.id(), "jun");
        assertThat(savings.saved(outTradeNo)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Action.class,
            names = {"REFUND", "REOPEN"})
    void a_payment_that_was_closed_is_late_as_usual_unless_its_money_goes_back(Action action) {
        var outTradeNo = quarantine.paidWith(1899);
        var proposal = propose(outTradeNo, action);
        payments.close(outTradeNo);

        releases.confirm(proposal.id(), "jun");

        var payment = payment(outTradeNo);
        assertThat(payment.state()).isEqualTo(PaymentState.PAID);
        assertThat(payment.fulfilment()).isEqualTo(FulfilmentState.PARKED);
        assertThat(till.handedOut(outTradeNo)).isZero();
        if (action == Action.REOPEN) {
            assertThat(payment.fulfilmentReason()).isEqualTo(ParkingReason.LATE);
            assertThat(only(outTradeNo).amount()).isEqualTo(Money.fen(1899));
            bench.decides(outTradeNo);
            assertThat(till.settled(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        } else {
            assertThat(onlyRefund(outTradeNo).amount()).isEqualTo(Money.fen(1899));
            assertThat(bench.decisions(outTradeNo)).hasSize(1);
        }
    }

    @Test
    void what_differs_in_more_than_the_amount_is_not_released() {
        var outTradeNo = till.opened("wechat");
        for (var delivery : List.of(
                WeChatNotification.paid(outTradeNo, 1899).currency("HKD"),
                WeChatNotification.paid(outTradeNo, 1899).mchId("1900000109"),
                WeChatNotification.paid(outTradeNo, ASKED).appId("wx0000000000000009"))) {
            door.send(delivery);
            var id = quarantine.delivery(outTradeNo);

            assertThat(releases.possible(id)).isEmpty();
            assertThat(refused(() -> releases.propose(id, Action.REFUND, "why", "mei"))
                            .status())
                    .isEqualTo(org.springframework.http.HttpStatus.CONFLICT);
        }
        untouched(outTradeNo);
    }

    @Test
    void neither_a_rejected_delivery_nor_a_booked_one_nor_one_without_a_payment_is_released() {
        var paid = till.opened("wechat");
        door.send(WeChatNotification.paid(paid, ASKED));
        var unknown = "P" + paid.substring(1, 20) + "-no";
        door.send(WeChatNotification.paid(unknown, 1899));
        var refunded = quarantine.paidWith(1899);
        door.send(WeChatNotification.refunded(refunded, "R-" + refunded.substring(5), 5, 1899));
        var rejected = jdbc.sql("""
                        INSERT INTO payment.callback
                          (id, received_at, provider, account, outcome, reason, out_trade_no, reply_status, duration_us, headers, body)
                        SELECT gen_random_uuid(), received_at, provider, account, 'REJECTED', 'SIGNATURE_WRONG', out_trade_no, 401, 1,
                               headers, body
                        FROM payment.callback WHERE out_trade_no = :no ORDER BY received_at LIMIT 1
                        RETURNING id::text
                        """).param("no", refunded).query(String.class).single();

        for (var id : List.of(
                quarantine.delivery(paid), quarantine.delivery(unknown), quarantine.delivery(refunded), rejected)) {
            assertThat(releases.possible(id)).isEmpty();
            assertThatThrownBy(() -> releases.propose(id, Action.REFUND, "why", "mei"))
                    .isInstanceOf(Refusal.class);
        }
        untouched(refunded);
    }

    /** Somebody who can write into the log cannot make money of it. */
    @Test
    void a_delivery_that_was_changed_in_the_log_is_not_released() {
        var outTradeNo = quarantine.paidWith(1899);
        var proposal = propose(outTradeNo, Action.REFUND);
        jdbc.sql("UPDATE payment.callback SET body = body || ' '::bytea WHERE out_trade_no = :no")
                .param("no", outTradeNo)
                .update();

        assertThat(refused(() -> releases.confirm(proposal.id(), "jun")).type()).isEqualTo("delivery-not-genuine");

        untouched(outTradeNo);
    }

    @Test
    void what_hands_out_money_is_refunded_or_nothing() {
        goods.handsOutForOtherAmount(false);
        var outTradeNo = quarantine.paidWith(2099);

        assertThat(releases.possible(quarantine.delivery(outTradeNo))
                        .orElseThrow()
                        .actions())
                .containsExactly(Action.REFUND, Action.CREDIT_TO_WALLET);
        assertThat(refused(() -> propose(outTradeNo, Action.REOPEN)).type()).isEqualTo("release-not-sound");
        untouched(outTradeNo);

        goods.handsOutForOtherAmount(true);
        var proposal = propose(outTradeNo, Action.REOPEN);
        goods.handsOutForOtherAmount(false);
        assertThat(refused(() -> releases.confirm(proposal.id(), "jun")).type()).isEqualTo("release-not-sound");
        untouched(outTradeNo);
    }

    @Test
    void who_proposes_says_why_and_who_ends_it_too() {
        var outTradeNo = quarantine.paidWith(1899);
        var delivery = quarantine.delivery(outTradeNo);

        assertThat(refused(() -> releases.propose(delivery, Action.REFUND, " ", "mei"))
                        .status()
                        .value())
                .isEqualTo(400);
        var proposal = propose(outTradeNo, Action.REFUND);
        assertThat(refused(() -> releases.reject(proposal.id(), "jun", ""))
                        .status()
                        .value())
                .isEqualTo(400);
        assertThat(releases.of(outTradeNo)).singleElement().matches(Release::isOpen);
    }

    @Test
    void a_crash_between_the_booking_and_the_refund_leaves_it_to_the_sweep() {
        var outTradeNo = quarantine.paidWith(1899);
        quarantine.isConfirmedByOneWhoDies(propose(outTradeNo, Action.REFUND), "jun");
        assertThat(payment(outTradeNo).fulfilmentReason()).isEqualTo(ParkingReason.OTHER_AMOUNT);
        assertThat(only(outTradeNo).cause()).isEqualTo(Cause.PAID_OTHER_AMOUNT);
        assertThat(refunds.of(outTradeNo)).isEmpty();

        bench.goesOn(outTradeNo);
        bench.goesOn(outTradeNo);

        assertThat(onlyRefund(outTradeNo).amount()).isEqualTo(Money.fen(1899));
        assertThat(lines(outTradeNo)).isEmpty();
        assertThat(till.handedOut(outTradeNo)).isZero();
    }

    @Test
    void what_was_released_to_go_back_is_neither_handed_out_nor_credited_on_one_persons_word() {
        var outTradeNo = quarantine.paidWith(1899);
        quarantine.isConfirmedByOneWhoDies(propose(outTradeNo, Action.REFUND), "jun");
        jdbc.sql("UPDATE payment.policy_decision SET result = 'ASKS', due_at = NULL WHERE out_trade_no = :no")
                .param("no", outTradeNo)
                .update();

        assertThat(refused(() -> repairs.creditToWallet(outTradeNo, "why not", "mei"))
                        .type())
                .isEqualTo("nothing-to-credit");
        assertThat(refused(() -> repairs.reopen(outTradeNo, "mei")).type()).isEqualTo("nothing-to-repair");
        assertThat(refused(() -> payments.retryFulfilment(outTradeNo, "mei"))
                        .status()
                        .value())
                .isEqualTo(409);
        for (var fulfilment : List.of("'PENDING', due_at = now()", "'SUCCEEDED', credited_as = 'S-1'")) {
            assertThatThrownBy(() -> jdbc.sql("""
                                    UPDATE payment.payment SET fulfilment_reason = NULL, fulfilment = %s WHERE out_trade_no = :no
                                    """.formatted(fulfilment))
                            .param("no", outTradeNo)
                            .update())
                    .hasMessageContaining("was not released to become");
        }
        assertThat(till.handedOut(outTradeNo)).isZero();
        repairs.refund(outTradeNo, "H-" + outTradeNo.substring(5), "by hand", "mei");
        assertThat(onlyRefund(outTradeNo).amount()).isEqualTo(Money.fen(1899));
    }

    @Test
    void money_that_goes_back_leaves_the_other_attempts_to_pay_open() {
        var outTradeNo = quarantine.paidWith(1899);
        releases.confirm(propose(outTradeNo, Action.REFUND).id(), "jun");

        assertThat(jdbc.sql("""
                                SELECT coalesce(held_reason, fulfilment_reason) FROM payment.payment WHERE out_trade_no = :no
                                """).param("no", outTradeNo).query(String.class).single())
                .isEqualTo("OTHER_AMOUNT");
    }

    @Test
    void the_database_takes_no_other_amount_that_two_people_have_not_released() {
        var outTradeNo = quarantine.paidWith(1899);
        var proposal = propose(outTradeNo, Action.REFUND);

        for (var statement : List.of(
                // Not yet confirmed.
                paid("1899"),
                "UPDATE payment.payment SET received_amount = 1899 WHERE out_trade_no = :no",
                // By the same person, by a policy that hands out, or written as done.
                "UPDATE payment.release SET state = 'RELEASED', decided_by = 'mei', decided_at = now() WHERE out_trade_no = :no",
                "UPDATE payment.release SET state = 'WITHDRAWN', decided_by = 'jun', decided_at = now() WHERE out_trade_no = :no",
                "UPDATE payment.release SET received = 1 WHERE out_trade_no = :no",
                "UPDATE payment.release SET by_policy = true WHERE out_trade_no = :no",
                insert("'REOPEN', 'RELEASED', NULL, now(), true"),
                insert("'REFUND', 'RELEASED', 'jun', now(), false"),
                insert("'REFUND', 'PROPOSED', NULL, NULL, false"))) {
            assertThatThrownBy(() -> jdbc.sql(statement).param("no", outTradeNo).update())
                    .as(statement)
                    .isInstanceOf(DataIntegrityViolationException.class);
        }
        releases.confirm(proposal.id(), "jun");
        for (var statement : List.of(
                "UPDATE payment.payment SET received_amount = 1898 WHERE out_trade_no = :no",
                "UPDATE payment.payment SET received_amount = NULL WHERE out_trade_no = :no",
                "UPDATE payment.release SET state = 'DECLINED' WHERE out_trade_no = :no",
                "UPDATE payment.payment SET state = 'REFUNDED', refunded_amount = 1999 WHERE out_trade_no = :no",
                insert("'REFUND', 'RELEASED', NULL, now(), true"))) {
            assertThatThrownBy(() -> jdbc.sql(statement).param("no", outTradeNo).update())
                    .as(statement)
                    .isInstanceOf(DataIntegrityViolationException.class);
        }
    }

    /** What was released to go back must not be booked as something to hand out, nor with another amount. */
    @Test
    void the_database_holds_a_booking_against_what_was_released() {
        var outTradeNo = quarantine.paidWith(1899);
        propose(outTradeNo, Action.REFUND);
        var release =
                "UPDATE payment.release SET state = 'RELEASED', decided_by = 'jun', decided_at = now() WHERE out_trade_no = :no";

        for (var received : List.of("1899", "1898")) {
            assertThatThrownBy(() -> transaction.executeWithoutResult(status -> {
                        jdbc.sql(release).param("no", outTradeNo).update();
                        jdbc.sql(paid(received)).param("no", outTradeNo).update();
                    }))
                    .hasMessageContaining("nobody has released a delivery of " + received);
        }
        untouched(outTradeNo);
    }

    @Test
    void the_role_at_run_time_may_do_all_of_it_and_delete_nothing() {
        var outTradeNo = quarantine.paidWith(1899);
        var delivery = quarantine.delivery(outTradeNo);
        payments.close(outTradeNo);

        RuntimeRole.of("payment").does(transaction, jdbc, () -> {
            var proposal = releases.propose(delivery, Action.REOPEN, "a coin was missing", "mei");
            assertThat(releases.confirm(proposal.id(), "jun").state()).isEqualTo(State.RELEASED);
            assertThat(payment(outTradeNo).received()).isEqualTo(Money.fen(1899));
        });
        assertThatThrownBy(() -> RuntimeRole.of("payment")
                        .does(
                                transaction,
                                jdbc,
                                () -> jdbc.sql("DELETE FROM payment.release").update()))
                .hasRootCauseMessage("ERROR: permission denied for table release");
        assertThat(payment(outTradeNo).state()).isEqualTo(PaymentState.CLOSED);
    }

    private static String paid(String received) {
        return """
                UPDATE payment.payment SET state = 'PAID', provider_transaction_id = 'T', paid_at = now(), received_amount = %s,
                       fulfilment = 'PENDING', due_at = now() + interval '1 d'
                WHERE out_trade_no = :no
                """.formatted(received);
    }

    private static String insert(String values) {
        return """
                INSERT INTO payment.release
                  (out_trade_no, callback_id, received, reason, proposed_by, proposed_at, action, state, decided_by, decided_at,
                   by_policy)
                VALUES (:no, gen_random_uuid(), 1899, 'why', 'mei', now(), %s)
                """.formatted(values);
    }

    private Release propose(String outTradeNo, Action action) {
        return releases.propose(quarantine.delivery(outTradeNo), action, "a coin was missing", "mei");
    }

    private Refund ask(String outTradeNo, String refundNo, long amount) {
        return refunds.request(new RefundRequest(outTradeNo, refundNo, amount, "back", "mei"));
    }

    private void untouched(String outTradeNo) {
        var payment = payment(outTradeNo);
        assertThat(payment.state()).isEqualTo(PaymentState.PENDING);
        assertThat(payment.fulfilment()).isEqualTo(FulfilmentState.NONE);
        assertThat(payment.received()).isEqualTo(payment.amount());
        assertThat(till.handedOut(outTradeNo)).isZero();
        assertThat(bench.decisions(outTradeNo)).isEmpty();
    }

    private Payment payment(String outTradeNo) {
        return payments.get(outTradeNo);
    }

    private Refund onlyRefund(String outTradeNo) {
        assertThat(refunds.of(outTradeNo)).hasSize(1);
        return refunds.of(outTradeNo).getFirst();
    }

    private Outcome outcome(String outTradeNo) {
        return callbacks.get(quarantine.delivery(outTradeNo)).line().outcome();
    }

    private List<BoardLine> lines(String outTradeNo) {
        return board.lines(BoardFilter.of(outTradeNo), Paging.of(null, null)).items();
    }

    private BoardLine only(String outTradeNo) {
        assertThat(lines(outTradeNo)).hasSize(1);
        return lines(outTradeNo).getFirst();
    }

    private static Refusal refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(Refusal.class, call);
    }
}
