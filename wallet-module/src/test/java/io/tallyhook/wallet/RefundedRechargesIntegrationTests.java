package io.tallyhook.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.Entitlement.Line;
import io.tallyhook.payment.Entitlement.Preview;
import io.tallyhook.payment.Entitlement.TakeBack;
import io.tallyhook.payment.Entitlement.Taking;
import io.tallyhook.payment.Entitlement.Taking.Declined;
import io.tallyhook.payment.Entitlement.Taking.Taken;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.ledger.RechargeRefunds;
import io.tallyhook.wallet.ledger.Spending;
import io.tallyhook.wallet.ledger.Spending.Spend;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.RuntimeRole;

/** What a refund takes out of a wallet. After each of these tests the proof of the whole ledger holds. */
@WalletModuleTest
class RefundedRechargesIntegrationTests {

    private static final Instant LATER = Instant.parse("2026-12-01T00:00:00Z");

    private final Till till;
    private final Wallets wallets;
    private final TakeBackRecharges takeBack;
    private final RechargeRefunds ledger;
    private final Spending spending;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    RefundedRechargesIntegrationTests(
            Till till,
            Wallets wallets,
            TakeBackRecharges takeBack,
            RechargeRefunds ledger,
            Spending spending,
            JdbcClient jdbc,
            TransactionTemplate transaction) {
        this.till = till;
        this.wallets = wallets;
        this.takeBack = takeBack;
        this.ledger = ledger;
        this.spending = spending;
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    @AfterEach
    void theLedgerHolds() {
        assertThat(wallets.proof().invariants()).allMatch(Proof.Invariant::holds);
    }

    @Test
    void aFullRefundTakesPrincipalAndBonusAndThenTheMoneyLeaves() {
        var payment = till.credit(till.newUser(), 1_000, 200);
        var refund = refund(payment, "R1", 0, 1_000);

        assertThat(take(refund)).isEqualTo(new Taken());
        assertThat(has(payment)).isEqualTo("0+0");
        assertThat(stateOf(payment)).isEqualTo(RechargeState.REFUNDED);

        settle(refund);
        settle(refund);
        assertThat(linesOf(refund, "RECHARGE_REFUND"))
                .containsExactly("2204.01 1000", "2241.01 -1000", "2204.11 200", "2204.19 -200");
        assertThat(linesOf(refund, "REFUND_SETTLED")).containsExactly("2241.01 1000", "1012.80 -1000");
    }

    @Test
    void whenItFailsTheWalletHasWhatItHadAndTheRechargeIsCredited() {
        var payment = till.credit(till.newUser(), 1_000, 200);
        var refund = refund(payment, "R1", 0, 1_000);
        take(refund);

        giveBack(refund);

        assertThat(has(payment)).isEqualTo("1000+200");
        assertThat(stateOf(payment)).isEqualTo(RechargeState.CREDITED);
        take(refund(payment, "R2", 0, 1_000));
        assertThat(stateOf(payment)).isEqualTo(RechargeState.REFUNDED);
    }

    @Test
    void partsTakeTheirPartAndTheLastEndsTheRecharge() {
        var payment = till.credit(till.newUser(), 1_000, 200);

        take(refund(payment, "R1", 0, 400));
        assertThat(has(payment)).isEqualTo("600+120");
        assertThat(stateOf(payment)).isEqualTo(RechargeState.CREDITED);
        take(refund(payment, "R2", 400, 600));
        assertThat(has(payment)).isEqualTo("0+0");
        assertThat(stateOf(payment)).isEqualTo(RechargeState.REFUNDED);

        giveBack(refund(payment, "R1", 0, 400));
        assertThat(has(payment)).isEqualTo("400+80");
        assertThat(stateOf(payment)).isEqualTo(RechargeState.CREDITED);
    }

    @Test
    void whatIsSpentIsNotTakenAndTheRefusalSaysHowMuchIsLeft() {
        var user = till.newUser();
        var payment = till.credit(user, 1_000, 200);
        till.credit(user, 5_000, 0);
        spend(user, 600);

        var declined = (Declined) take(refund(payment, "R1", 0, 1_000));

        assertThat(declined.refusal().status().value()).isEqualTo(409);
        assertThat(declined.refusal().type()).isEqualTo("balance-spent");
        assertThat(declined.refusal().detail())
                .contains(payment.reference(), "no more than 5.00 CNY", "5.00 CNY of it was spent");
        assertThat(declined.refusal().properties()).containsEntry("left", 500L).containsEntry("spent", 500L);
        assertThat(has(payment)).isEqualTo("5500+100");
        assertThat(stateOf(payment)).isEqualTo(RechargeState.CREDITED);
        assertThat(take(refund(payment, "R1", 0, 1_000))).isInstanceOf(Declined.class);
        assertThat(take(refund(payment, "R2", 0, 501))).isInstanceOf(Declined.class);
        assertThat(take(refund(payment, "R3", 0, 500))).isEqualTo(new Taken());
        assertThat(has(payment)).isEqualTo("5000+0");
    }

    @Test
    void repeatsChangeNothingWhateverHasHappenedMeanwhile() {
        var payment = till.credit(till.newUser(), 1_000, 200);
        var refund = refund(payment, "R1", 0, 400);
        take(refund);
        take(refund);
        assertThat(told(refund)).isEqualTo(Money.fen(0));
        assertThat(has(payment)).isEqualTo("600+120");

        giveBack(refund);
        giveBack(refund);
        assertThat(take(refund)).isEqualTo(new Taken());
        assertThat(has(payment)).isEqualTo("1000+200");
        assertThatThrownBy(() -> settle(refund))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("RESOLVED_BEFORE");
    }

    @Test
    void whatWasPaidOutIsNotGivenBackToTheWallet() {
        var payment = till.credit(till.newUser(), 1_000, 0);
        var refund = refund(payment, "R1", 0, 400);
        take(refund);
        settle(refund);

        assertThatThrownBy(() -> giveBack(refund)).isInstanceOf(IllegalStateException.class);

        assertThat(has(payment)).isEqualTo("600+0");
    }

    @Test
    void twoPaymentsMayHaveRefundsOfTheSameNumber() {
        var user = till.newUser();
        var first = till.credit(user, 1_000, 0);
        var second = till.credit(user, 1_000, 0);

        take(refund(first, "1", 0, 300));
        take(refund(second, "1", 0, 400));
        giveBack(refund(first, "1", 0, 300));
        settle(refund(second, "1", 0, 400));

        assertThat(has(first)).isEqualTo("1600+0");
    }

    @Test
    void aRefundThatWeHearOfAfterwardsTakesWhatIsLeftAndTheRestIsOwed() {
        var user = till.newUser();
        var payment = till.credit(user, 1_000, 200);
        till.credit(user, 5_000, 0);
        spend(user, 600);
        var refund = refund(payment, "50000-console", 0, 1_000);

        assertThat(told(refund)).isEqualTo(Money.fen(500));
        assertThat(told(refund)).isEqualTo(Money.fen(500));

        assertThat(has(payment)).isEqualTo("5000+0");
        assertThat(stateOf(payment)).isEqualTo(RechargeState.REFUNDED);
        assertThat(linesOf(refund, "CHARGEBACK"))
                .containsExactly("2204.01 500", "1221.01 500", "1012.80 -1000", "2204.11 100", "2204.19 -100");
        giveBack(refund);
        assertThat(stateOf(payment)).isEqualTo(RechargeState.REFUNDED);
    }

    @Test
    void moreThanThePaymentHasIsNotBookedUntilOurOwnRefundHasFailed() {
        var payment = till.credit(till.newUser(), 1_000, 200);
        var ours = refund(payment, "R1", 0, 600);
        var console = refund(payment, "console", 0, 1_000);
        take(ours);

        assertThatThrownBy(() -> told(console)).hasMessageContaining("MORE_THAN_LEFT");
        assertThat(has(payment)).isEqualTo("400+80");

        giveBack(ours);
        assertThat(told(console)).isEqualTo(Money.fen(0));
        assertThat(has(payment)).isEqualTo("0+0");
        assertThat(stateOf(payment)).isEqualTo(RechargeState.REFUNDED);
    }

    @Test
    void theRefundOfASecondPaymentTakesNothing() {
        var payment = till.credit(till.newUser(), 1_000, 200);
        var surplus = new TakeBack(
                "R1",
                "P-another",
                payment.reference(),
                payment.user(),
                payment.money(),
                Money.fen(0),
                payment.money(),
                "api:shop",
                "paid twice");

        assertThat(takeBack.preview(surplus))
                .isEqualTo(new Preview(
                        true, List.of(Line.of("refund.preview.recharge-not-its-own", payment.reference()))));
        assertThat(take(surplus)).isEqualTo(new Taken());
        settle(surplus);
        giveBack(surplus);
        assertThat(told(surplus)).isEqualTo(Money.fen(0));
        assertThat(has(payment)).isEqualTo("1000+200");
        assertThat(stateOf(payment)).isEqualTo(RechargeState.CREDITED);
    }

    @Test
    void thePreviewSaysWhatGoesWhatIsLeftAndWhatIsSpentAndTakesNothing() {
        var user = till.newUser();
        var payment = till.credit(user, 1_000, 200);

        assertThat(takeBack.preview(refund(payment, "R1", 0, 1_000)))
                .isEqualTo(new Preview(
                        true,
                        List.of(
                                Line.of("refund.preview.principal", Money.fen(1_000)),
                                Line.of("refund.preview.bonus", Money.fen(200)),
                                Line.of("refund.preview.recharge-left", Money.fen(0), Money.fen(0)))));
        spend(user, 600);
        assertThat(takeBack.preview(refund(payment, "R1", 0, 250)).lines())
                .containsExactly(
                        Line.of("refund.preview.principal", Money.fen(250)),
                        Line.of("refund.preview.bonus", Money.fen(50)),
                        Line.of("refund.preview.recharge-left", Money.fen(250), Money.fen(50)),
                        Line.of("refund.preview.recharge-spent", Money.fen(500)));
        assertThat(takeBack.preview(refund(payment, "R1", 0, 501)))
                .isEqualTo(new Preview(
                        false,
                        List.of(
                                Line.of("refund.preview.recharge-too-little", Money.fen(500), Money.fen(501)),
                                Line.of("refund.preview.recharge-spent", Money.fen(500)))));
        assertThat(has(payment)).isEqualTo("500+100");
    }

    @Test
    void aShardThatStandsStillTakesNothingAndNothingIsRemembered() {
        var payment = till.credit(till.newUser(), 1_000, 0);
        var refund = refund(payment, "R1", 0, 1_000);
        till.stop(payment.user());
        try {
            assertThat(takeBack.preview(refund))
                    .isEqualTo(new Preview(false, List.of(Line.of("refund.preview.ledger-stopped"))));
            assertThatThrownBy(() -> take(refund))
                    .isInstanceOfSatisfying(
                            Refusal.class, refusal -> assertThat(refusal.type()).isEqualTo("ledger-stopped"));
        } finally {
            till.resume(payment.user());
        }
        assertThat(take(refund)).isEqualTo(new Taken());
        assertThat(has(payment)).isEqualTo("0+0");
    }

    @Test
    void refundingAndSpendingAtOnceNeverTakesMoreThanThereIs() throws Exception {
        for (int round = 0; round < 5; round++) {
            var user = till.newUser();
            var payment = till.credit(user, 1_000, 0);
            var tasks = new ArrayList<Callable<Integer>>();
            for (int i = 0; i < 8; i++) {
                tasks.add(() -> spend(user, 100) ? 100 : 0);
            }
            tasks.add(4, () -> take(refund(payment, "R1", 0, 500)) instanceof Taken ? 500 : 0);
            Collections.rotate(tasks, round);
            int gone = 0;
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (var task : threads.invokeAll(tasks)) {
                    gone += task.get();
                }
            }
            assertThat(gone).isBetween(800, 1_000);
            assertThat(has(payment)).isEqualTo((1_000 - gone) + "+0");
        }
    }

    @Test
    void manyRepeatsAtOnceTakeOnce() throws Exception {
        var payment = till.credit(till.newUser(), 1_000, 0);
        Callable<Taking> repeat = () -> take(refund(payment, "R1", 0, 300));

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var task : threads.invokeAll(Collections.nCopies(16, repeat))) {
                assertThat(task.get()).isEqualTo(new Taken());
            }
        }

        assertThat(has(payment)).isEqualTo("700+0");
    }

    @Test
    void theProofFindsAChargebackThatNoNoticeExplains() {
        var payment = till.credit(till.newUser(), 1_000, 0);
        transaction.executeWithoutResult(status -> {
            status.setRollbackOnly();
            ledger.takeWhatIsLeft(
                    payment.outTradeNo() + "/X1", payment.user(), payment.outTradeNo(), Money.fen(600), "x", "y");
            assertThat(faults()).isEqualTo(1);
            jdbc.sql("""
                            INSERT INTO wallet.recharge_refund
                              (out_trade_no, refund_no, way, recharge_no, amount, shortfall, taken_at)
                            VALUES (?, 'X1', 'TOLD', ?, 599, 0, now())
                            """).params(payment.outTradeNo(), payment.reference()).update();
            assertThat(faults()).as("of another amount").isEqualTo(1);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE wallet.recharge_refund SET amount = amount - 1 WHERE out_trade_no = :payment",
                "DELETE FROM wallet.recharge_refund WHERE out_trade_no = :payment",
                "UPDATE wallet.recharge SET state = 'CREDITED' WHERE paid_by = :payment",
                "INSERT INTO wallet.recharge_refund SELECT out_trade_no, 'X2', way, recharge_no, 1, 1, now() FROM wallet.recharge_refund WHERE out_trade_no = :payment",
            })
    void theDatabaseRefusesToChangeWhatARefundTook(String sql) {
        var payment = till.credit(till.newUser(), 1_000, 0);
        take(refund(payment, "R1", 0, 1_000));

        assertThatThrownBy(() ->
                        jdbc.sql(sql).param("payment", payment.outTradeNo()).update())
                .isInstanceOf(DataAccessException.class);
        assertThat(stateOf(payment)).isEqualTo(RechargeState.REFUNDED);
    }

    @Test
    void theRuntimeRoleMayDoWhatTheApplicationDoes() {
        var payment = till.credit(till.newUser(), 1_000, 200);
        var ours = refund(payment, "R1", 0, 1_000);
        RuntimeRole.of("wallet").does(transaction, jdbc, () -> {
            takeBack.preview(ours);
            takeBack.take(ours);
            takeBack.giveBack(ours, LATER);
            takeBack.take(refund(payment, "R2", 0, 300));
            takeBack.settle(refund(payment, "R2", 0, 300), LATER);
            takeBack.takeWhatIsLeft(refund(payment, "console", 300, 700), LATER);
            assertThat(faults()).isZero();
        });
        assertThat(has(payment)).isEqualTo("1000+200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELETE FROM wallet.recharge_refund", "UPDATE wallet.recharge_refund SET amount = 1"})
    void theRuntimeRoleMayDoNoMore(String sql) {
        assertThatThrownBy(() -> RuntimeRole.of("wallet")
                        .does(transaction, jdbc, () -> jdbc.sql(sql).update()))
                .rootCause()
                .hasMessageContaining("permission denied");
    }

    private static TakeBack refund(ConfirmedPayment payment, String refundNo, long goneBefore, long amount) {
        return new TakeBack(
                refundNo,
                payment.outTradeNo(),
                payment.reference(),
                payment.user(),
                payment.money(),
                Money.fen(goneBefore),
                Money.fen(amount),
                "api:shop",
                "unhappy");
    }

    private Taking take(TakeBack refund) {
        return transaction.execute(status -> takeBack.take(refund));
    }

    private void settle(TakeBack refund) {
        transaction.executeWithoutResult(status -> takeBack.settle(refund, LATER));
    }

    private void giveBack(TakeBack refund) {
        transaction.executeWithoutResult(status -> takeBack.giveBack(refund, LATER));
    }

    private Money told(TakeBack refund) {
        return transaction.execute(status -> takeBack.takeWhatIsLeft(refund, LATER));
    }

    private boolean spend(UserId user, long amount) {
        var key = till.newRequest().number('P');
        var answer = transaction.execute(
                status -> spending.spend(new Spend(key, user, Money.fen(amount), "GOODS", "O-" + key, LATER)));
        return answer instanceof io.tallyhook.wallet.ledger.Answer.Posted;
    }

    private String has(ConfirmedPayment payment) {
        var wallet = wallets.balance(payment.user());
        return wallet.principal().minorUnits() + "+" + wallet.bonus().minorUnits();
    }

    private RechargeState stateOf(ConfirmedPayment payment) {
        return wallets.get(payment.reference()).state();
    }

    private long faults() {
        return jdbc.sql("SELECT count(*) FROM wallet.adjustments_have_two_persons")
                .query(Long.class)
                .single();
    }

    private List<@Nullable String> linesOf(TakeBack refund, String kind) {
        return jdbc.sql("""
                        SELECT a.gl_code || ' ' || p.amount FROM wallet.journal j JOIN wallet.posting p USING (journal_id)
                        JOIN wallet.account a USING (account_id)
                        WHERE j.request_key = ? AND j.kind = ? ORDER BY p.line
                        """)
                .params(LedgerKey.of(refund), kind)
                .query(String.class)
                .list();
    }
}
