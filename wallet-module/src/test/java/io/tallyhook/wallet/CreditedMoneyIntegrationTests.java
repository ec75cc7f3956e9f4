package io.tallyhook.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.HandedOut;
import io.tallyhook.payment.HandedOut.Grant;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Refund;
import io.tallyhook.payment.RefundRequest;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.UserId;
import io.tallyhook.payment.WalletCredit.Crediting;
import io.tallyhook.payment.WalletCredit.StrandedMoney;
import io.tallyhook.payment.board.Repairs;
import io.tallyhook.payment.booking.Intake;
import io.tallyhook.payment.policy.Policies;
import io.tallyhook.payment.provider.Fact.RefundResult;
import io.tallyhook.payment.provider.RefundOrder;
import io.tallyhook.wallet.Recharge.MeantFor;
import io.tallyhook.wallet.ledger.Spending;
import io.tallyhook.wallet.ledger.Spending.Spend;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
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
import tallyhook.testing.Payer;
import tallyhook.testing.PlainBank;
import tallyhook.testing.RuntimeRole;

/** Money that came for goods and became balance. After each of these tests the proof of the whole ledger holds. */
@WalletModuleTest
class CreditedMoneyIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Till till;
    private final Wallets wallets;
    private final CreditStrandedMoney credit;
    private final HandedOut inspected;
    private final Repairs repairs;
    private final Policies policies;
    private final Payments payments;
    private final Refunds refunds;
    private final Intake intake;
    private final Spending spending;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    CreditedMoneyIntegrationTests(
            Till till,
            Wallets wallets,
            CreditStrandedMoney credit,
            HandedOut inspected,
            Repairs repairs,
            Policies policies,
            Payments payments,
            Refunds refunds,
            Intake intake,
            Spending spending,
            JdbcClient jdbc,
            TransactionTemplate transaction) {
        this.till = till;
        this.wallets = wallets;
        this.credit = credit;
        this.inspected = inspected;
        this.repairs = repairs;
        this.policies = policies;
        this.payments = payments;
        this.refunds = refunds;
        this.intake = intake;
        this.spending = spending;
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    @AfterEach
    void theLedgerHolds() {
        assertThat(wallets.proof().invariants()).allMatch(Proof.Invariant::holds);
    }

    @Test
    void aUserWhomNobodyHasSeenHasAWalletThenWithTheMoneyAndNothingMore() {
        var payment = credited(till.newUser(), 1_999);

        var recharge = recharge(payment);
        assertThat(has(payment.userId())).isEqualTo("1999+0");
        assertThat(recharge.state()).isEqualTo(RechargeState.CREDITED);
        assertThat(recharge.paidBy()).contains(payment.outTradeNo());
        assertThat(recharge.amount()).isEqualTo(Money.fen(1_999));
        assertThat(recharge.meantFor())
                .contains(new MeantFor("GOODS", payment.reference(), "mei", "the tea is sold out"));
        assertThat(wallets.recharges(payment.userId(), Paging.of(null, null)).items())
                .containsExactly(recharge);
        assertThat(wallets.entries(payment.userId(), Paging.of(null, null)).items())
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.kind()).isEqualTo("RECHARGE");
                    assertThat(line.reference()).isEqualTo(recharge.rechargeNo());
                });
    }

    @Test
    void theClearingAccountOfTheProviderExplainsItLikeARecharge() {
        var payment = credited(till.newUser(), 1_999);

        assertThat(linesOf(payment.outTradeNo(), "RECHARGE")).containsExactly("1012.80 1999", "2204.01 -1999");
        assertThat(jdbc.sql("SELECT channel || ' ' || principal_left FROM wallet.wallet_lot WHERE request_key = ?")
                        .param(payment.outTradeNo())
                        .query(String.class)
                        .single())
                .isEqualTo("bank/main 1999");
    }

    @Test
    void theInspectionFindsItWithItsPayment() {
        var payment = credited(till.newUser(), 1_999);

        assertThat(inspected.of(List.of(payment.outTradeNo()))).singleElement().satisfies(grant -> {
            assertThat(grant.reference()).isEqualTo(payment.creditedAs());
            assertThat(grant.amount()).isEqualTo(Money.fen(1_999));
            assertThat(grant.stillGranted()).isTrue();
        });
    }

    @Test
    void aPolicyCreditsByItself() {
        var payment = waitingForItsPolicy(till.newUser());

        await().atMost(PATIENCE).until(() -> now(payment).creditedAs() != null);

        assertThat(has(payment.userId())).isEqualTo("700+0");
        assertThat(recharge(now(payment)).meantFor().map(MeantFor::decidedBy)).contains("policy:GOODS.cancelled");
        assertThat(policies.decisions(payment.outTradeNo()))
                .singleElement()
                .satisfies(decision -> assertThat(decision.result()).isEqualTo("DONE"));
    }

    @Test
    void aWalletThatStandsStillIsRefusedToAPersonAndToldToOneByAPolicy() {
        var user = till.newUser();
        var payment = till.stranded(user, 700);
        till.stop(user);
        try {
            assertThatThrownBy(() -> repairs.creditToWallet(payment.outTradeNo(), "the tea is sold out", "mei"))
                    .isInstanceOfSatisfying(
                            Refusal.class, refusal -> assertThat(refusal.type()).isEqualTo("ledger-stopped"));
            var other = waitingForItsPolicy(user);
            await().atMost(PATIENCE)
                    .until(() -> !policies.decisions(other.outTradeNo()).isEmpty());
            assertThat(policies.decisions(other.outTradeNo())).singleElement().satisfies(decision -> {
                assertThat(decision.result()).isEqualTo("ASKS");
                assertThat(decision.detail()).contains("stands still");
            });
            assertThat(now(other).fulfilment()).isEqualTo(FulfilmentState.PARKED);
        } finally {
            till.resume(user);
        }
        assertThat(wallets.recharges(user, Paging.of(null, null)).items()).isEmpty();
        repairs.creditToWallet(payment.outTradeNo(), "the tea is sold out", "mei");
        assertThat(has(user)).isEqualTo("700+0");
    }

    @Test
    void partsAndThenTheRestGoBackOutOfTheWalletAndEndIt() {
        var payment = credited(till.newUser(), 1_999);

        var part = refund(payment, 500);
        assertThat(has(payment.userId())).isEqualTo("1499+0");
        assertThat(recharge(payment).state()).isEqualTo(RechargeState.CREDITED);
        refund(payment, 1_499);

        assertThat(has(payment.userId())).isEqualTo("0+0");
        assertThat(recharge(payment).state()).isEqualTo(RechargeState.REFUNDED);
        assertThat(now(payment).fulfilment()).isEqualTo(FulfilmentState.REVERSED);
        var key = payment.outTradeNo() + "/" + part.refundNo();
        assertThat(linesOf(key, "RECHARGE_REFUND")).containsExactly("2204.01 500", "2241.01 -500");
        assertThat(linesOf(key, "REFUND_SETTLED")).containsExactly("2241.01 500", "1012.80 -500");
        assertThat(inspected.of(List.of(payment.outTradeNo())))
                .extracting(Grant::stillGranted)
                .containsExactly(false);
    }

    @Test
    void whatIsSpentMeanwhileCannotGoBackAndTheRestCan() {
        var user = till.newUser();
        var payment = credited(user, 1_999);
        till.credit(user, 5_000, 0);
        spend(user, 600);

        assertThatThrownBy(() -> refunds.request(request(payment, 1_999)))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.type()).isEqualTo("balance-spent"));
        assertThat(refunds.preview(payment.outTradeNo(), 1_999, "mei").possible())
                .isFalse();

        refund(payment, 1_399);
        assertThat(has(user)).isEqualTo("5000+0");
        assertThat(now(payment).state()).isEqualTo(PaymentState.PARTIALLY_REFUNDED);
    }

    @Test
    void aRefundOfTheProvidersConsoleTakesWhatIsLeftAndTheRestIsOwed() {
        var user = till.newUser();
        var payment = credited(user, 1_999);
        spend(user, 600);
        var order = new RefundOrder(
                "main",
                payment.outTradeNo(),
                "console-1",
                Money.fen(1_999),
                Money.fen(1_999),
                "",
                URI.create("http://127.0.0.1/"));

        intake.bookAnswer("bank", "main", PlainBank.refunded(order, RefundResult.SUCCEEDED));
        await().atMost(PATIENCE)
                .until(() -> refunds.get(payment.outTradeNo(), "console-1").nextUnwindAt() == null);

        assertThat(refunds.get(payment.outTradeNo(), "console-1").shortAmount()).isEqualTo(Money.fen(600));
        assertThat(has(user)).isEqualTo("0+0");
        assertThat(recharge(payment).state()).isEqualTo(RechargeState.REFUNDED);
        assertThat(linesOf(payment.outTradeNo() + "/console-1", "CHARGEBACK"))
                .containsExactly("2204.01 1399", "1221.01 600", "1012.80 -1999");
    }

    @Test
    void aSecondPaymentOfARechargeBecomesARechargeOfItsOwnAndGoesBackWithoutTheFirst() {
        var user = till.newUser();
        var first = till.credit(user, 1_000, 200);
        var second = wallets.pay(till.newRequest(), till.recharge(user, 1_000).rechargeNo(), Payer.by("till"));
        jdbc.sql("ALTER TABLE payment.payment DISABLE TRIGGER payment_terms").update();
        jdbc.sql("UPDATE payment.payment SET reference = ? WHERE out_trade_no = ?")
                .params(first.reference(), second.outTradeNo())
                .update();
        jdbc.sql("ALTER TABLE payment.payment ENABLE TRIGGER payment_terms").update();
        till.park(second.outTradeNo(), "SURPLUS");

        repairs.creditToWallet(second.outTradeNo(), "keep it", "mei");
        assertThat(has(user)).isEqualTo("2000+200");
        assertThat(now(second).creditedAs()).isNotEqualTo(first.reference());
        refund(now(second), 1_000);

        assertThat(has(user)).isEqualTo("1000+200");
        assertThat(wallets.get(first.reference()).state()).isEqualTo(RechargeState.CREDITED);
        assertThat(wallets.get(first.reference()).paidBy()).contains(first.outTradeNo());
    }

    @Test
    void nobodyCanPayForItOnceMore() {
        var payment = credited(till.newUser(), 1_999);

        assertThatThrownBy(
                        () -> wallets.pay(till.newRequest(), recharge(payment).rechargeNo(), Payer.by("till")))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.type()).isEqualTo("recharge-not-payable"));
    }

    @Test
    void aRepeatAnswersAsTheFirstDidAndAnotherAmountIsLoud() {
        var money = money(till.newUser(), 300);

        var first = credit(money);

        assertThat(credit(money)).isEqualTo(first);
        assertThat(has(money.userId())).isEqualTo("300+0");
        assertThatThrownBy(() -> credit(money(money.userId(), 301, money.outTradeNo())))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> credit(money(till.newUser(), 300, money.outTradeNo())))
                .isInstanceOf(IllegalStateException.class);
        assertThat(has(money.userId())).isEqualTo("300+0");
    }

    @Test
    void whatARechargeWasPaidWithIsNotCreditedOnceMore() {
        var user = till.newUser();
        var payment = till.credit(user, 1_000, 0);

        assertThatThrownBy(() -> credit(money(user, 1_000, payment.outTradeNo())))
                .isInstanceOf(IllegalStateException.class);

        assertThat(has(user)).isEqualTo("1000+0");
    }

    @Test
    void evenWithoutTheLockOfItsPaymentOneOfManyAtOnceCredits() throws Exception {
        var money = money(till.newUser(), 300);
        Callable<Boolean> once = () -> {
            try {
                return credit(money) instanceof Crediting.Credited;
            } catch (DataAccessException beaten) {
                return false;
            }
        };

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(threads.invokeAll(Collections.nCopies(8, once)).stream().filter(task -> task.resultNow()))
                    .isNotEmpty();
        }

        assertThat(has(money.userId())).isEqualTo("300+0");
    }

    @Test
    void whatIsRolledBackLeavesNothing() {
        var money = money(till.newUser(), 300);

        transaction.executeWithoutResult(status -> {
            credit.credit(money);
            status.setRollbackOnly();
        });

        assertThat(has(money.userId())).isEqualTo("0+0");
        assertThat(wallets.recharges(money.userId(), Paging.of(null, null)).items())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE wallet.recharge SET meant_for_reference = 'other' WHERE paid_by = :payment",
                "UPDATE wallet.recharge SET decided_by = 'jun' WHERE paid_by = :payment",
                "UPDATE wallet.recharge SET decided_because = 'no' WHERE paid_by = :payment",
                """
                UPDATE wallet.recharge SET meant_for_purpose = NULL, meant_for_reference = NULL, decided_by = NULL,
                  decided_because = NULL WHERE paid_by = :payment""",
                """
                INSERT INTO wallet.recharge SELECT (jsonb_populate_record(r, '{"recharge_no": "R00000000000000000000000003",
                  "state": "AWAITING_PAYMENT", "paid_by": null, "credited_at": null}')).*
                FROM wallet.recharge r WHERE paid_by = :payment""",
                """
                INSERT INTO wallet.recharge SELECT (jsonb_populate_record(r, '{"recharge_no": "R00000000000000000000000003",
                  "paid_by": "P-other", "bonus": 1, "package_code": "p"}')).* FROM wallet.recharge r WHERE paid_by = :payment""",
                """
                INSERT INTO wallet.recharge SELECT (jsonb_populate_record(r, '{"recharge_no": "R00000000000000000000000003",
                  "paid_by": "P-other", "decided_because": null}')).* FROM wallet.recharge r WHERE paid_by = :payment""",
                """
                INSERT INTO wallet.recharge SELECT (jsonb_populate_record(r, '{"recharge_no": "R00000000000000000000000003",
                  "paid_by": "P-other", "meant_for_purpose": null, "meant_for_reference": null, "decided_by": null,
                  "decided_because": null}')).* FROM wallet.recharge r WHERE paid_by = :payment"""
            })
    void theDatabaseRefusesToChangeWhatWasDecidedAndToMakeUpAnother(String sql) {
        var money = money(till.newUser(), 300);
        credit(money);

        assertThatThrownBy(
                        () -> jdbc.sql(sql).param("payment", money.outTradeNo()).update())
                .isInstanceOf(DataAccessException.class)
                .rootCause()
                .message()
                .containsAnyOf("must begin as", "cannot be changed", "credited_as_it_came", "meant_for_something_else");
    }

    @Test
    void theRuntimeRoleMayDoWhatTheApplicationDoes() {
        var money = money(till.newUser(), 300);

        RuntimeRole.of("wallet")
                .does(transaction, jdbc, () -> assertThat(credit.credit(money)).isInstanceOf(Crediting.Credited.class));

        assertThat(has(money.userId())).isEqualTo("0+0");
    }

    private Payment credited(UserId user, long amount) {
        var payment = till.stranded(user, amount);
        repairs.creditToWallet(payment.outTradeNo(), "the tea is sold out", "mei");
        return now(payment);
    }

    /** A person had all the time to be faster. */
    private Payment waitingForItsPolicy(UserId user) {
        var payment = till.stranded(user, 700, "CANCELLED_BEFORE");
        jdbc.sql("UPDATE payment.payment SET undecided_since = '2001-01-01T00:00Z' WHERE out_trade_no = ?")
                .param(payment.outTradeNo())
                .update();
        return payment;
    }

    private Payment now(Payment payment) {
        return payments.get(payment.outTradeNo());
    }

    private Recharge recharge(Payment payment) {
        return wallets.get(Objects.requireNonNull(payment.creditedAs()));
    }

    private RefundRequest request(Payment payment, long amount) {
        return new RefundRequest(payment.outTradeNo(), till.newRequest().number('F'), amount, "unwanted", "api:shop");
    }

    /** Gone back, and the wallet knows. */
    private Refund refund(Payment payment, long amount) {
        var asked = refunds.request(request(payment, amount));
        await().atMost(PATIENCE).until(() -> {
            var refund = refunds.get(payment.outTradeNo(), asked.refundNo());
            return refund.state().equals("SUCCEEDED") && refund.nextUnwindAt() == null;
        });
        return asked;
    }

    private StrandedMoney money(UserId user, long amount) {
        return money(user, amount, till.newRequest().number('P'));
    }

    private static StrandedMoney money(UserId user, long amount, String outTradeNo) {
        return new StrandedMoney(
                outTradeNo,
                "GOODS",
                "O-" + outTradeNo,
                user,
                Money.fen(amount),
                "bank",
                "main",
                Instant.parse("2026-11-20T00:00:00Z"),
                "mei",
                "the tea is sold out");
    }

    private Crediting credit(StrandedMoney money) {
        return transaction.execute(status -> credit.credit(money));
    }

    private void spend(UserId user, long amount) {
        var key = till.newRequest().number('P');
        transaction.executeWithoutResult(status -> spending.spend(
                new Spend(key, user, Money.fen(amount), "GOODS", "O-" + key, Instant.parse("2026-12-01T00:00:00Z"))));
    }

    private String has(UserId user) {
        var wallet = wallets.balance(user);
        return wallet.principal().minorUnits() + "+" + wallet.bonus().minorUnits();
    }

    private List<@Nullable String> linesOf(String key, String kind) {
        return jdbc.sql("""
                        SELECT a.gl_code || ' ' || p.amount FROM wallet.journal j JOIN wallet.posting p USING (journal_id)
                        JOIN wallet.account a USING (account_id)
                        WHERE j.request_key = ? AND j.kind = ? ORDER BY p.line
                        """).params(key, kind).query(String.class).list();
    }
}
