package io.tallyhook.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.payment.Entitlement.TakeBack;
import io.tallyhook.payment.InstantMethod.InstantPayment;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.UserId;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionTemplate;

/** What was paid from the balance goes back there, of both parts. */
@WalletModuleTest
class BalanceRefundsIntegrationTests {

    private final BalanceMethod balance;
    private final Wallets wallets;
    private final Till till;
    private final TransactionTemplate transaction;

    BalanceRefundsIntegrationTests(BalanceMethod balance, Wallets wallets, Till till, TransactionTemplate transaction) {
        this.balance = balance;
        this.wallets = wallets;
        this.till = till;
        this.transaction = transaction;
    }

    @AfterEach
    void theLedgerHolds() {
        assertThat(wallets.proof().invariants()).allMatch(Proof.Invariant::holds);
    }

    @Test
    void givesBackToBothPartsAsTheyWereSpentAndOncePerRefund() {
        var user = userWith(1_000, 200);
        var payment = spent(user, 600);
        assertThat(has(user)).isEqualTo("500+100");

        var number = giveBack(refund(user, payment, "R1", 300));

        assertThat(has(user)).isEqualTo("750+150");
        assertThat(number).matches("J[0-9]+");
        assertThat(giveBack(refund(user, payment, "R1", 300))).isEqualTo(number);
        assertThat(has(user)).isEqualTo("750+150");
        giveBack(refund(user, payment, "R2", 300));
        assertThat(has(user)).isEqualTo("1000+200");
    }

    @Test
    void neverGivesBackMoreThanWasSpent() {
        var user = userWith(1_000, 0);
        var payment = spent(user, 600);
        giveBack(refund(user, payment, "R1", 500));

        assertThatThrownBy(() -> giveBack(refund(user, payment, "R2", 101)))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.type()).isEqualTo("more-than-spent"));
        assertThat(has(user)).isEqualTo("900+0");
    }

    @Test
    void twoPaymentsMayHaveRefundsOfTheSameNumber() {
        var user = userWith(1_000, 0);
        var first = spent(user, 100);
        var second = spent(user, 200);

        giveBack(refund(user, first, "1", 100));
        giveBack(refund(user, second, "1", 200));

        assertThat(has(user)).isEqualTo("1000+0");
    }

    @Test
    void nobodyGetsWhatAnotherSpent() {
        var payment = spent(userWith(1_000, 0), 600);
        var neighbour = userWith(1_000, 0);

        assertThatThrownBy(() -> giveBack(refund(neighbour, payment, "R1", 600)))
                .isInstanceOf(Refusal.class);

        assertThat(has(neighbour)).isEqualTo("1000+0");
    }

    @Test
    void manyRepeatsAtOnceGiveBackOnce() throws Exception {
        var user = userWith(1_000, 0);
        var payment = spent(user, 600);
        Callable<String> repeat = () -> giveBack(refund(user, payment, "R1", 100));

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var task : threads.invokeAll(Collections.nCopies(16, repeat))) {
                task.get();
            }
        }

        assertThat(has(user)).isEqualTo("500+0");
    }

    private UserId userWith(long principal, long bonus) {
        var user = till.newUser();
        till.credit(user, principal, bonus);
        return user;
    }

    /** @return the number of the payment */
    private String spent(UserId user, long amount) {
        var outTradeNo = till.newRequest().number('P');
        transaction.executeWithoutResult(status ->
                balance.take(new InstantPayment(outTradeNo, "GOODS", "O-" + outTradeNo, user, Money.fen(amount))));
        return outTradeNo;
    }

    private static TakeBack refund(UserId user, String payment, String refundNo, long amount) {
        return new TakeBack(
                refundNo,
                payment,
                "O-" + payment,
                user,
                Money.fen(600),
                Money.fen(0),
                Money.fen(amount),
                "api:shop",
                "returned");
    }

    private String giveBack(TakeBack refund) {
        return transaction.execute(status -> balance.giveBack(refund));
    }

    private String has(UserId user) {
        var wallet = wallets.balance(user);
        return wallet.principal().minorUnits() + "+" + wallet.bonus().minorUnits();
    }
}
