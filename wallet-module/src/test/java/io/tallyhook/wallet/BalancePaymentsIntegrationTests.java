package io.tallyhook.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentRequest;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Purpose;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Payments from the balance, opened as the modules that sell something open them. */
@WalletModuleTest
class BalancePaymentsIntegrationTests {

    private static final Purpose GOODS = Till.GOODS;

    private final Payments payments;
    private final Wallets wallets;
    private final Till till;
    private final JdbcClient jdbc;

    BalancePaymentsIntegrationTests(Payments payments, Wallets wallets, Till till, JdbcClient jdbc) {
        this.payments = payments;
        this.wallets = wallets;
        this.till = till;
        this.jdbc = jdbc;
    }

    @AfterEach
    void theLedgerHolds() {
        assertThat(wallets.proof().invariants()).allMatch(Proof.Invariant::holds);
    }

    @Test
    void whatIsPaidFromTheBalanceIsPaidAtOnceOfBothPartsAndEarned() {
        var user = userWith(10_000, 2_000);

        var payment = pay(user, 6_000);

        assertThat(payment.state()).isEqualTo(PaymentState.PAID);
        assertThat(payment.fulfilment()).isEqualTo(FulfilmentState.PENDING);
        assertThat(wallets.balance(user).principal()).isEqualTo(Money.fen(5_000));
        assertThat(wallets.balance(user).bonus()).isEqualTo(Money.fen(1_000));
        assertThat(wallets.entries(user, Paging.of(null, null)).items().stream()
                        .filter(entry -> entry.kind().equals("SPEND"))
                        .map(entry -> entry.part() + " " + entry.amount() + " " + entry.balance()))
                .containsExactlyInAnyOrder("PRINCIPAL -5000 5000", "BONUS -1000 1000");
        assertThat(jdbc.sql("""
                        SELECT a.gl_code || ' ' || p.amount FROM wallet.journal j JOIN wallet.posting p USING (journal_id)
                        JOIN wallet.account a USING (account_id)
                        WHERE j.request_key = ? AND a.owner_id = 0 ORDER BY p.line
                        """).param(payment.outTradeNo()).query(String.class).list())
                .containsExactly("6001.01 -5000", "2204.19 -1000");
    }

    @Test
    void tooLittleIsRefusedAndLeavesNoPaymentAndTheRefusalStays() {
        var user = userWith(100, 0);
        var id = till.newRequest();

        assertInsufficient(id, user, 101);
        assertThat(payments.find(id.number('P'))).isEmpty();
        till.credit(user, 1_000, 0);

        assertInsufficient(id, user, 101);
        assertThat(wallets.balance(user).principal()).isEqualTo(Money.fen(1_100));
        assertThat(pay(user, 101).state()).isEqualTo(PaymentState.PAID);
    }

    @Test
    void aUserWhoWasNeverSeenHasNothingToPayWith() {
        assertInsufficient(till.newRequest(), till.newUser(), 1);
    }

    @Test
    void aBonusWhoseTimeHasComeIsNotThereThoughItsExpiryIsNotBooked() {
        var user = userWith(100, 50);
        jdbc.sql("ALTER TABLE wallet.wallet_lot DISABLE TRIGGER lot_terms").update();
        jdbc.sql("""
                        UPDATE wallet.wallet_lot SET expires_at = now() - interval '1 second' WHERE owner_id =
                          (SELECT owner_id FROM wallet.owner WHERE user_id = ?)
                        """).param(user.value()).update();
        jdbc.sql("ALTER TABLE wallet.wallet_lot ENABLE TRIGGER lot_terms").update();

        assertInsufficient(till.newRequest(), user, 101);
        assertThat(pay(user, 100).state()).isEqualTo(PaymentState.PAID);
        assertThat(wallets.balance(user).bonus()).isEqualTo(Money.fen(50));
    }

    @Test
    void manyAtOnceNeverSpendMoreThanThereIs() throws Exception {
        var user = userWith(1_000, 500);

        var paid = atOnce(20, () -> pay(user, 100));

        assertThat(paid).isEqualTo(15);
        assertThat(wallets.balance(user).principal()).isEqualTo(Money.fen(0));
        assertThat(wallets.balance(user).bonus()).isEqualTo(Money.fen(0));
    }

    @Test
    void repeatsOfOneRequestAtOncePayOnce() throws Exception {
        var user = userWith(1_000, 0);
        var id = till.newRequest();

        var paid = atOnce(16, () -> open(id, user, 300, "O-" + id.number('O')));

        assertThat(paid).isEqualTo(16);
        assertThat(wallets.balance(user).principal()).isEqualTo(Money.fen(700));
    }

    @Test
    void twoPressesOfAButtonPayOnce() throws Exception {
        var user = userWith(1_000, 0);

        var paid = atOnce(16, () -> open(till.newRequest(), user, 300, "O-pressed-" + user.value()));

        assertThat(paid).isEqualTo(1);
        assertThat(wallets.balance(user).principal()).isEqualTo(Money.fen(700));
        assertThatThrownBy(() -> open(till.newRequest(), user, 300, "O-pressed-" + user.value()))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.type()).isEqualTo("already-paid"));
    }

    @Test
    void whatCannotBePaidAnyMoreTakesNothing() {
        var user = userWith(1_000, 0);
        var request = request(user, 300, "O-gone");

        assertThatThrownBy(() -> payments.open(till.newRequest(), request, () -> {
                    throw Refusal.conflict("order-not-payable", "It is cancelled.");
                }))
                .hasMessage("It is cancelled.");

        assertThat(wallets.balance(user).principal()).isEqualTo(Money.fen(1_000));
    }

    @Test
    void aRechargeIsNotPaidFromTheBalanceThatItIsToFill() {
        var user = userWith(1_000, 0);
        var recharge = till.recharge(user, 500);

        assertThatThrownBy(() -> wallets.pay(till.newRequest(), recharge.rechargeNo(), channel()))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.type()).isEqualTo("recharge-from-balance"));
    }

    @Test
    void aShardThatStandsStillTakesNothingAndSaysSo() {
        var user = userWith(1_000, 0);
        till.stop(user);
        try {
            assertThatThrownBy(() -> pay(user, 1))
                    .isInstanceOfSatisfying(
                            Refusal.class, refusal -> assertThat(refusal.type()).isEqualTo("ledger-stopped"));
        } finally {
            till.resume(user);
        }
        assertThat(wallets.balance(user).principal()).isEqualTo(Money.fen(1_000));
    }

    private void assertInsufficient(RequestId id, UserId user, long amount) {
        assertThatThrownBy(() -> open(id, user, amount, "O-" + id.number('O')))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.type()).isEqualTo("insufficient-balance");
                    assertThat(refusal.status().value()).isEqualTo(409);
                });
    }

    private UserId userWith(long principal, long bonus) {
        var user = till.newUser();
        till.credit(user, principal, bonus);
        return user;
    }

    private Payment pay(UserId user, long amount) {
        var id = till.newRequest();
        return open(id, user, amount, "O-" + id.number('O'));
    }

    private Payment open(RequestId id, UserId user, long amount, String reference) {
        return payments.open(id, request(user, amount, reference), () -> {});
    }

    private static PaymentRequest request(UserId user, long amount, String reference) {
        return new PaymentRequest(GOODS, reference, user, Money.fen(amount), "Tea", channel());
    }

    private static PaymentRequest.Channel channel() {
        return new PaymentRequest.Channel("wallet", null, "balance", null, Map.of());
    }

    /** @return how many did not end with a refusal */
    private static long atOnce(int times, Callable<Payment> task) throws InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return threads
                    .invokeAll(IntStream.range(0, times).mapToObj(any -> task).toList())
                    .stream()
                    .filter(BalancePaymentsIntegrationTests::succeeded)
                    .count();
        }
    }

    private static boolean succeeded(Future<Payment> task) {
        try {
            return task.get().state() == PaymentState.PAID;
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(Refusal.class);
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
