package io.tallyhook.payment.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.InstantMethod;
import io.tallyhook.payment.MoodyBank;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.PaymentView;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Purpose;
import io.tallyhook.payment.RefundRequest;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.Savings;
import io.tallyhook.payment.Till;
import io.tallyhook.payment.WalletCredit;
import io.tallyhook.payment.board.Repairs;
import io.tallyhook.payment.booking.PaymentsUnderDecision;
import io.tallyhook.payment.fulfilment.Sweep;
import io.tallyhook.payment.policy.CreditToWallet.Outcome;
import io.tallyhook.payment.provider.RefundAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.RuntimeRole;

/** Money that has bought nothing becomes balance of its payer's wallet: once, in one step, or not at all and never in silence. */
@PaymentModuleTest
class CreditToWalletIntegrationTests {

    private static final PolicySettings CREDITING = settings(100_000);

    private final CreditToWallet credit;
    private final PolicyBench bench;
    private final Decisions decisions;
    private final Reopen reopen;
    private final Sweep sweep;
    private final Repairs repairs;
    private final Payments payments;
    private final PaymentsUnderDecision known;
    private final Refunds refunds;
    private final Savings savings;
    private final MoodyBank bank;
    private final Till till;
    private final JdbcClient jdbc;
    private final PlatformTransactionManager transactions;
    private final TransactionTemplate transaction;

    CreditToWalletIntegrationTests(
            CreditToWallet credit,
            PolicyBench bench,
            Decisions decisions,
            Reopen reopen,
            Sweep sweep,
            Repairs repairs,
            Payments payments,
            PaymentsUnderDecision known,
            Refunds refunds,
            Savings savings,
            MoodyBank bank,
            Till till,
            JdbcClient jdbc,
            PlatformTransactionManager transactions) {
        this.credit = credit;
        this.bench = bench;
        this.decisions = decisions;
        this.reopen = reopen;
        this.sweep = sweep;
        this.repairs = repairs;
        this.payments = payments;
        this.known = known;
        this.refunds = refunds;
        this.savings = savings;
        this.bank = bank;
        this.till = till;
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.transaction = new TransactionTemplate(transactions);
    }

    private static PolicySettings settings(long creditAtMost) {
        var all = Map.of(
                PolicyCase.LATE, Action.CREDIT_TO_WALLET,
                PolicyCase.SURPLUS, Action.CREDIT_TO_WALLET,
                PolicyCase.CANCELLED, Action.CREDIT_TO_WALLET);
        return new PolicySettings(Duration.ofMinutes(1), 0, creditAtMost, Map.of(), all);
    }

    @AfterEach
    void everythingIsFineAgain() {
        savings.recover();
        bank.calmDown();
    }

    @ParameterizedTest
    @EnumSource(names = {"LATE", "SURPLUS", "CANCELLED_BEFORE"})
    void a_policy_credits_what_waits_for_a_decision_and_hands_out_nothing_else(ParkingReason reason) {
        var outTradeNo = bench.parked(reason);

        decides(outTradeNo, CREDITING);

        var payment = bench.payment(outTradeNo);
        assertThat(savings.saved(outTradeNo))
                .singleElement()
                .asString()
                .startsWith("19.99 CNY of %s for GOODS %s at bank/main by policy:GOODS."
                        .formatted(payment.userId().value(), payment.reference()));
        assertCredited(outTradeNo);
        assertThat(bench.decisions(outTradeNo)).singleElement().satisfies(decision -> {
            assertThat(decision.action()).isEqualTo(Action.CREDIT_TO_WALLET);
            assertThat(decision.result()).isEqualTo("DONE");
            assertThat(decision.refundNo()).isNull();
        });
        assertThat(till.handedOut(outTradeNo)).isZero();
        assertThat(refunds.of(outTradeNo)).isEmpty();
        assertThat(interventions(outTradeNo)).isEmpty();
    }

    @Test
    void the_api_says_so_of_a_payment_that_was_credited_and_of_no_other() {
        var outTradeNo = bench.parked(ParkingReason.LATE);
        assertThat(PaymentView.of(bench.payment(outTradeNo)).creditedToWallet()).isNull();

        repairs.creditToWallet(outTradeNo, "he asked for it", "mei");

        var view = PaymentView.of(bench.payment(outTradeNo));
        assertThat(view.creditedToWallet()).isTrue();
        assertThat(view.creditedAs()).isEqualTo(Savings.reference(outTradeNo));
        assertThat(view.purpose()).isEqualTo("GOODS");
    }

    @Test
    void a_person_credits_with_a_reason_and_is_recorded_once_however_often_it_is_pressed() {
        var outTradeNo = bench.parked(ParkingReason.SURPLUS);

        repairs.creditToWallet(outTradeNo, "  he asked for it ", "mei");
        repairs.creditToWallet(outTradeNo, "once more", "mei");

        assertThat(savings.saved(outTradeNo)).singleElement().asString().endsWith("by mei: he asked for it");
        assertThat(interventions(outTradeNo))
                .containsExactly("CREDIT_TO_WALLET mei %s: he asked for it".formatted(Savings.reference(outTradeNo)));
        assertCredited(outTradeNo);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "line\nbreak"})
    void nobody_credits_without_a_reason(String reason) {
        var outTradeNo = bench.parked(ParkingReason.SURPLUS);

        assertThatThrownBy(() -> repairs.creditToWallet(outTradeNo, reason, "mei"))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.status().value()).isEqualTo(400));

        assertUntouched(outTradeNo, ParkingReason.SURPLUS);
    }

    @Test
    void policies_and_people_at_once_credit_once() {
        for (int round = 0; round < 5; round++) {
            var outTradeNo = bench.parked(ParkingReason.SURPLUS);
            bench.hasWaited(outTradeNo);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 3; i++) {
                    threads.execute(() -> deciding(CREDITING).decideOne());
                    threads.execute(
                            () -> unlessRefused(() -> repairs.creditToWallet(outTradeNo, "he asked for it", "mei")));
                }
            }

            assertThat(savings.saved(outTradeNo)).hasSize(1);
            assertThat(bench.decisions(outTradeNo).size()
                            + interventions(outTradeNo).size())
                    .isOne();
            assertCredited(outTradeNo);
        }
    }

    @Test
    void crediting_and_refunding_at_once_never_moves_the_money_twice() {
        for (int round = 0; round < 5; round++) {
            var outTradeNo = bench.parked(ParkingReason.SURPLUS);
            var refundNo = "BOTH-%d-%s".formatted(round, outTradeNo.substring(outTradeNo.length() - 12));
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                threads.execute(
                        () -> unlessRefused(() -> repairs.creditToWallet(outTradeNo, "he asked for it", "mei")));
                threads.execute(() -> refunds.request(refund(outTradeNo, refundNo, 1999)));
            }

            assertThat(bench.payment(outTradeNo).refundedAmount()).isEqualTo(1999);
            assertThat(savings.saved(outTradeNo)).hasSameSizeAs(taken(refundNo));
        }
    }

    @Test
    void a_crash_after_the_wallet_and_before_the_end_leaves_neither() {
        var outTradeNo = bench.parked(ParkingReason.LATE);
        savings.after(outTradeNo, () -> {
            throw new IllegalStateException("the plug is pulled");
        });

        assertThatThrownBy(() -> repairs.creditToWallet(outTradeNo, "he asked for it", "mei"))
                .hasMessage("the plug is pulled");

        assertUntouched(outTradeNo, ParkingReason.LATE);
        assertThat(interventions(outTradeNo)).isEmpty();
        savings.recover();
        repairs.creditToWallet(outTradeNo, "he asked for it", "mei");
        assertThat(savings.saved(outTradeNo)).hasSize(1);
    }

    @Test
    void a_wallet_that_throws_under_a_policy_leaves_nothing_asks_a_person_and_keeps_nobody_waiting() {
        var poisoned = bench.parked(ParkingReason.LATE);
        var next = bench.parked(ParkingReason.LATE);
        savings.after(poisoned, () -> {
            throw new IllegalStateException("the ledger is torn");
        });

        decides(poisoned, CREDITING);
        decides(poisoned, CREDITING);
        decides(next, CREDITING);

        assertUntouched(poisoned, ParkingReason.LATE);
        assertAsks(poisoned, "the ledger is torn");
        assertCredited(next);
        savings.recover();
        repairs.creditToWallet(poisoned, "looked into", "mei");
        assertCredited(poisoned);
    }

    @Test
    void even_a_broken_statement_of_the_wallet_is_told_to_a_person() {
        var outTradeNo = bench.parked(ParkingReason.LATE);
        savings.after(
                outTradeNo, () -> jdbc.sql("SELECT 1 / 0").query(Integer.class).single());

        decides(outTradeNo, CREDITING);

        assertUntouched(outTradeNo, ParkingReason.LATE);
        assertAsks(outTradeNo, "division by zero");
    }

    @Test
    void what_the_wallet_refuses_asks_a_person_with_its_words() {
        var outTradeNo = bench.parked(ParkingReason.CANCELLED_BEFORE);
        savings.declines(outTradeNo, Refusal.conflict("frozen", "The wallet is frozen."));

        decides(outTradeNo, CREDITING);
        decides(outTradeNo, CREDITING);

        assertUntouched(outTradeNo, ParkingReason.CANCELLED_BEFORE);
        assertAsks(outTradeNo, "The wallet is frozen.");
        assertThatThrownBy(() -> repairs.creditToWallet(outTradeNo, "he asked for it", "mei"))
                .hasMessage("The wallet is frozen.");
        assertThat(interventions(outTradeNo)).isEmpty();
    }

    @Test
    void above_its_limit_a_policy_asks_and_a_person_may() {
        var outTradeNo = bench.parked(ParkingReason.LATE);

        decides(outTradeNo, settings(1_998));

        assertUntouched(outTradeNo, ParkingReason.LATE);
        assertThat(bench.decisions(outTradeNo)).singleElement().satisfies(decision -> {
            assertThat(decision.action()).isEqualTo(Action.ASK);
            assertThat(decision.why()).isEqualTo("TOO_MUCH");
        });
        repairs.creditToWallet(outTradeNo, "he asked for it", "mei");
        assertCredited(outTradeNo);
        var other = bench.parked(ParkingReason.LATE);
        decides(other, settings(1_999));
        assertCredited(other);
    }

    @Test
    void money_that_was_never_paid_or_is_handed_out_is_not_credited() {
        var open = till.opened("wechat");
        var closed = till.closed("wechat");
        var paid = till.opened("wechat");
        till.paidInSilence(paid);
        var handedOut = till.opened("wechat");
        till.paidInSilence(handedOut);
        jdbc.sql("UPDATE payment.payment SET fulfilment = 'SUCCEEDED', due_at = NULL WHERE out_trade_no = :no")
                .param("no", handedOut)
                .update();

        List.of(open, closed, paid, handedOut).forEach(no -> {
            assertRefused(no, "nothing-to-credit");
            assertThat(credit.fits(bench.payment(no))).isFalse();
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"RETRIES_EXHAUSTED", "NO_LISTENER"})
    void what_needs_a_repair_and_no_decision_is_not_credited(ParkingReason reason) {
        var outTradeNo = bench.parked(reason);

        assertRefused(outTradeNo, "nothing-to-credit");

        decides(outTradeNo, CREDITING);
        assertThat(bench.decisions(outTradeNo)).isEmpty();
    }

    @Test
    void a_payment_that_went_back_in_part_or_is_about_to_is_not_credited() {
        var partly = bench.parked(ParkingReason.SURPLUS);
        refunds.request(refund(partly, "PART-" + System.nanoTime(), 500));
        var underWay = bench.parked(ParkingReason.SURPLUS);
        var refundNo = "WAY-" + System.nanoTime();
        bank.onRefund(refundNo, order -> new RefundAnswer.Accepted("B1"));
        refunds.request(refund(underWay, refundNo, 1999));
        var decidedOn = bench.parked(ParkingReason.SURPLUS);
        decisions.write(
                new ParkedPayment(decidedOn, "GOODS", ParkingReason.SURPLUS, 1999, false),
                new Verdict(Action.REFUND, Verdict.Why.SETTING),
                StartedRefund.number(decidedOn, ParkingReason.SURPLUS));

        List.of(partly, underWay, decidedOn).forEach(no -> assertRefused(no, "refund-comes-first"));
        assertThat(bench.payment(partly).refundedAmount()).isEqualTo(500);
    }

    @Test
    void what_was_paid_from_a_balance_is_not_credited_to_one() {
        var outTradeNo = bench.parked(ParkingReason.CANCELLED_BEFORE);
        jdbc.sql("ALTER TABLE payment.payment DISABLE TRIGGER payment_terms").update();
        jdbc.sql("UPDATE payment.payment SET provider = 'wallet' WHERE out_trade_no = :no")
                .param("no", outTradeNo)
                .update();
        jdbc.sql("ALTER TABLE payment.payment ENABLE TRIGGER payment_terms").update();

        assertThat(credit.fits(bench.payment(outTradeNo))).isFalse();
        decides(outTradeNo, CREDITING);

        assertAsks(outTradeNo, "was paid from the balance");
        assertRefused(outTradeNo, "paid-from-balance");
    }

    @Test
    void where_no_module_offers_a_wallet_nothing_is_credited() {
        var nothing = new StaticListableBeanFactory();
        var without = new CreditToWallet(
                jdbc,
                known,
                new Creditable(
                        jdbc,
                        nothing.getBeanProvider(WalletCredit.class),
                        nothing.getBeanProvider(InstantMethod.class)));
        var outTradeNo = bench.parked(ParkingReason.LATE);

        assertThat(without.isPossible()).isFalse();
        assertThat(without.fits(bench.payment(outTradeNo))).isFalse();
        Outcome outcome = transaction.execute(status -> without.credit(outTradeNo, "mei", "he asked for it"));
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.refusal().type()).isEqualTo("no-wallet"));
        assertUntouched(outTradeNo, ParkingReason.LATE);
        assertThat(credit.fits(bench.payment(outTradeNo))).isTrue();
    }

    @Test
    void nothing_is_credited_without_a_transaction_of_whoever_decides() {
        var outTradeNo = bench.parked(ParkingReason.LATE);

        assertThatThrownBy(() -> credit.credit(outTradeNo, "mei", "he asked for it"))
                .hasMessageContaining("transaction");

        assertUntouched(outTradeNo, ParkingReason.LATE);
    }

    @Test
    void what_was_credited_has_not_paid_its_order_so_that_other_attempts_stay_open_and_may_be_closed() {
        var outTradeNo = bench.parked(ParkingReason.LATE);
        var reference = bench.payment(outTradeNo).reference();
        var purpose = new Purpose("GOODS");
        assertThatThrownBy(() -> payments.closeAll(purpose, reference)).isInstanceOf(Refusal.class);

        repairs.creditToWallet(outTradeNo, "he asked for it", "mei");

        payments.closeAll(purpose, reference);
        assertThat(bench.payment(outTradeNo).state()).isEqualTo(PaymentState.PAID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE payment.payment SET credited_as = 'other' WHERE out_trade_no = :no",
                "UPDATE payment.payment SET credited_as = NULL WHERE out_trade_no = :no",
                "UPDATE payment.payment SET fulfilment = 'PENDING', due_at = now() WHERE out_trade_no = :no",
                "UPDATE payment.payment SET fulfilment = 'PARKED', fulfilment_reason = 'LATE' WHERE out_trade_no = :no"
            })
    void the_database_refuses_to_make_anything_else_of_what_was_credited(String sql) {
        var outTradeNo = bench.parked(ParkingReason.LATE);
        repairs.creditToWallet(outTradeNo, "he asked for it", "mei");

        assertThatThrownBy(() -> jdbc.sql(sql).param("no", outTradeNo).update())
                .isInstanceOf(DataAccessException.class);

        assertCredited(outTradeNo);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fulfilment = 'PENDING', fulfilment_reason = NULL, due_at = now()",
                "held_fulfilment = 'PARKED', held_reason = 'LATE'",
                "fulfilment = 'SUCCEEDED', fulfilment_reason = NULL, fulfilled_at = now()"
            })
    void the_database_refuses_to_credit_what_does_not_wait_for_a_decision(String otherwise) {
        var outTradeNo = bench.parked(ParkingReason.LATE);
        jdbc.sql("UPDATE payment.payment SET %s WHERE out_trade_no = :no".formatted(otherwise))
                .param("no", outTradeNo)
                .update();

        assertThatThrownBy(() -> jdbc.sql("""
                                UPDATE payment.payment
                                SET credited_as = 'S-1', fulfilment = 'SUCCEEDED', fulfilment_reason = NULL, due_at = NULL,
                                    held_fulfilment = NULL, held_reason = NULL
                                WHERE out_trade_no = :no
                                """).param("no", outTradeNo).update())
                .hasMessageContaining("cannot be credited to a wallet as it stands");
    }

    @Test
    void the_runtime_role_may_do_what_the_application_does() {
        var outTradeNo = bench.parked(ParkingReason.LATE);
        jdbc.sql("GRANT ALL ON saved, saved_n_seq TO PUBLIC").update();
        RuntimeRole.of("payment").does(transaction, jdbc, () -> {
            assertThat(credit.credit(outTradeNo, "mei", "he asked for it")).isInstanceOf(Outcome.Credited.class);
            decisions.writeInVain(
                    new ParkedPayment(outTradeNo, "GOODS", ParkingReason.LATE, 1999, false),
                    new Verdict(Action.CREDIT_TO_WALLET, Verdict.Why.SETTING),
                    "for a test");
        });
    }

    private static void unlessRefused(Runnable something) {
        try {
            something.run();
        } catch (Refusal refusal) {
            assertThat(refusal.status().value()).isEqualTo(409);
        }
    }

    private DecideParked deciding(PolicySettings settings) {
        return new DecideParked(decisions, settings, reopen, credit, sweep, transactions);
    }

    private void decides(String outTradeNo, PolicySettings settings) {
        bench.hasWaited(outTradeNo);
        deciding(settings).decideOne();
    }

    private void assertCredited(String outTradeNo) {
        var payment = bench.payment(outTradeNo);
        assertThat(payment.state()).isEqualTo(PaymentState.PAID);
        assertThat(payment.fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(payment.fulfilmentReason()).isNull();
        assertThat(payment.fulfilledAt()).isNotNull();
        assertThat(payment.creditedAs()).isEqualTo(Savings.reference(outTradeNo));
    }

    private void assertUntouched(String outTradeNo, ParkingReason reason) {
        var payment = bench.payment(outTradeNo);
        assertThat(payment.fulfilment()).isEqualTo(FulfilmentState.PARKED);
        assertThat(payment.fulfilmentReason()).isEqualTo(reason);
        assertThat(payment.creditedAs()).isNull();
        assertThat(savings.saved(outTradeNo)).isEmpty();
    }

    private void assertAsks(String outTradeNo, String why) {
        assertThat(bench.decisions(outTradeNo)).singleElement().satisfies(decision -> {
            assertThat(decision.action()).isEqualTo(Action.CREDIT_TO_WALLET);
            assertThat(decision.result()).isEqualTo("ASKS");
            assertThat(decision.detail()).contains(why);
        });
    }

    private void assertRefused(String outTradeNo, String type) {
        assertThatThrownBy(() -> repairs.creditToWallet(outTradeNo, "he asked for it", "mei"))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.type()).isEqualTo(type));
        assertThat(savings.saved(outTradeNo)).isEmpty();
        assertThat(interventions(outTradeNo)).isEmpty();
    }

    private List<String> interventions(String outTradeNo) {
        return jdbc.sql(
                        "SELECT action || ' ' || actor || ' ' || result FROM payment.intervention WHERE out_trade_no = :no")
                .param("no", outTradeNo)
                .query((row, number) -> row.getString(1))
                .list();
    }

    /** What was taken out of the wallet for a refund. */
    private List<String> taken(String refundNo) {
        return savings.done(refundNo).stream()
                .filter(call -> call.startsWith("take"))
                .toList();
    }

    private static RefundRequest refund(String outTradeNo, String refundNo, long fen) {
        return new RefundRequest(outTradeNo, refundNo, fen, "unwanted", "api:shop");
    }
}
