package io.tallyhook.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.Fulfilments;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.PaymentsConfirmed;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.wallet.WalletEntry.Part;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.Payer;

@WalletModuleTest
class CreditRechargesIntegrationTests {

    private final CreditRecharges creditRecharges;
    private final Fulfilments fulfilments;
    private final Payer payer;
    private final Wallets wallets;
    private final TransactionTemplate transaction;
    private final Till till;

    CreditRechargesIntegrationTests(
            CreditRecharges creditRecharges,
            Fulfilments fulfilments,
            Payer payer,
            Wallets wallets,
            TransactionTemplate transaction,
            Till till) {
        this.creditRecharges = creditRecharges;
        this.fulfilments = fulfilments;
        this.payer = payer;
        this.wallets = wallets;
        this.transaction = transaction;
        this.till = till;
    }

    @Test
    void aConfirmedPaymentIsHeardAndCredited() {
        var user = till.newUser();
        var recharge = till.recharge(user, 10_000, 2_000);
        var payment = wallets.pay(till.newRequest(), recharge.rechargeNo(), Payer.by("till"));

        assertThat(payer.pays(payment)).isEqualTo(Outcome.CONFIRMED);

        await().untilAsserted(() ->
                assertThat(wallets.get(recharge.rechargeNo()).state()).isEqualTo(RechargeState.CREDITED));
        assertThat(wallets.get(recharge.rechargeNo()).paidBy()).contains(payment.outTradeNo());
        assertThat(wallets.balance(user).principal()).isEqualTo(Money.fen(10_000));
        assertThat(wallets.balance(user).bonus()).isEqualTo(Money.fen(2_000));
        assertThat(wallets.proof().holds()).isTrue();
    }

    @Test
    void thirtyTwoListenersAtOnceCreditOnce() throws Exception {
        var user = till.newUser();
        var payment = till.paid(till.recharge(user, 500, 50));

        atOnce(32, () -> {
            run(Till.confirmed(payment));
            return null;
        });

        assertThat(wallets.balance(user).principal()).isEqualTo(Money.fen(500));
        assertThat(wallets.entries(user, Paging.of(null, null)).items()).hasSize(2);
        assertThat(till.fulfilment(payment)).isEqualTo("SUCCEEDED");
    }

    @Test
    void aRechargeWhoseLedgerStandsStillWaitsAndCostsNoAttemptAndHarmsNoOther() {
        var stopped = till.newUser();
        var other = Stream.generate(till::newUser)
                .filter(user -> user.shard() != stopped.shard())
                .findFirst()
                .orElseThrow();
        var waiting = till.paid(till.recharge(stopped, 500));
        var payment = till.paid(till.recharge(other, 500));
        till.stop(stopped);
        try {
            run(Till.confirmed(waiting, payment));

            assertThat(till.fulfilment(waiting)).isEqualTo("PENDING");
            assertThat(till.errorOf(waiting)).contains("stands still");
            assertThat(till.fulfilment(payment)).isEqualTo("SUCCEEDED");
            assertThat(wallets.balance(stopped).principal()).isEqualTo(Money.fen(0));
        } finally {
            till.resume(stopped);
        }

        run(Till.confirmed(waiting));

        assertThat(till.fulfilment(waiting)).isEqualTo("SUCCEEDED");
        assertThat(wallets.balance(stopped).principal()).isEqualTo(Money.fen(500));
    }

    @Test
    void aRepeatedEventCreditsNothingMore() {
        var user = till.newUser();
        var payment = till.paid(till.recharge(user, 500));

        run(Till.confirmed(payment));
        run(Till.confirmed(payment));

        assertThat(wallets.balance(user).principal()).isEqualTo(Money.fen(500));
    }

    @Test
    void aPaymentThatWasCreditedButNotRecordedAsDoneIsDoneWithoutAnEffect() {
        var user = till.newUser();
        var payment = till.paid(till.recharge(user, 500));
        transaction.executeWithoutResult(status -> creditRecharges.apply(List.of(payment)));
        assertThat(till.fulfilment(payment)).isEqualTo("PENDING");

        run(Till.confirmed(payment));

        assertThat(till.fulfilment(payment)).isEqualTo("SUCCEEDED");
        assertThat(wallets.balance(user).principal()).isEqualTo(Money.fen(500));
    }

    @Test
    void twoRechargesOfOneUserInOneBatchAreTwoLinesWithARunningBalance() {
        var user = till.newUser();
        var first = till.paid(till.recharge(user, 100, 10));
        var second = till.paid(till.recharge(user, 200, 20));

        run(Till.confirmed(first, second));

        var lines = wallets.entries(user, Paging.of(null, null)).items();
        assertThat(lines)
                .filteredOn(line -> line.part() == Part.PRINCIPAL)
                .extracting(WalletEntry::seq)
                .containsExactly(2L, 1L);
        assertThat(lines)
                .filteredOn(line -> line.part() == Part.BONUS)
                .extracting(WalletEntry::seq)
                .containsExactly(2L, 1L);
        assertThat(lines.getFirst().balance() + lines.get(1).balance()).isEqualTo(330);
        assertThat(wallets.proof().holds()).isTrue();
    }

    @Test
    void aSecondPaymentOfTheSameRechargeIsASurplus() {
        var user = till.newUser();
        var recharge = till.recharge(user, 500);
        var first = till.paid(recharge);
        var second = till.paid(recharge);

        run(Till.confirmed(first));
        run(Till.confirmed(second));

        assertThat(till.fulfilment(first)).isEqualTo("SUCCEEDED");
        assertThat(till.fulfilment(second)).isEqualTo("PARKED SURPLUS");
        assertThat(wallets.balance(user).principal()).isEqualTo(Money.fen(500));
    }

    @Test
    void ofTwoPaymentsInOneBatchTheOneThatWasPaidFirstIsCredited() {
        var recharge = till.recharge(till.newUser(), 500);
        var numberedFirst = till.pending(recharge);
        var paidFirst = till.paid(recharge);
        var paidLater = till.paid(recharge, numberedFirst);

        run(Till.confirmed(paidLater, paidFirst));

        assertThat(till.fulfilment(paidFirst)).isEqualTo("SUCCEEDED");
        assertThat(till.fulfilment(paidLater)).isEqualTo("PARKED SURPLUS");
        assertThat(wallets.get(recharge.rechargeNo()).paidBy()).contains(paidFirst.outTradeNo());
    }

    @Test
    void aPaymentOfACancelledRechargeIsParkedAndNotCredited() {
        var user = till.newUser();
        var recharge = till.recharge(user, 500);
        var payment = till.paid(recharge);
        till.cancel(recharge);

        run(Till.confirmed(payment));

        assertThat(till.fulfilment(payment)).isEqualTo("PARKED CANCELLED_BEFORE");
        assertThat(wallets.balance(user).principal()).isEqualTo(Money.fen(0));
    }

    @Test
    void aPoisonedPaymentHarmsNobodyElseInItsBatch() {
        var poisoned = till.recharge(till.newUser(), 500);
        var wrongAmount = till.paid(poisoned, till.pending(poisoned, 1));
        var user = till.newUser();
        var good = till.paid(till.recharge(user, 700));

        run(Till.confirmed(wrongAmount, good));

        assertThat(till.fulfilment(good)).isEqualTo("SUCCEEDED");
        assertThat(till.fulfilment(wrongAmount)).isEqualTo("FAILED");
        assertThat(till.errorOf(wrongAmount)).contains("0.01 CNY", "5.00 CNY", poisoned.rechargeNo());
        assertThat(wallets.balance(user).principal()).isEqualTo(Money.fen(700));
        assertThat(wallets.balance(poisoned.userId()).principal()).isEqualTo(Money.fen(0));
    }

    /** Two people may release such a payment, but never for this. */
    @Test
    void whatWasPaidWithAnotherAmountIsNeverCreditedWithWhatWasOrdered() {
        var user = till.newUser();
        var asked = till.paid(till.recharge(user, 500));
        for (long received : List.of(499L, 501L)) {
            var payment = new ConfirmedPayment(
                    asked.outTradeNo(),
                    asked.reference(),
                    asked.userId(),
                    500,
                    asked.currency(),
                    asked.provider(),
                    asked.account(),
                    asked.providerTransactionId(),
                    asked.paidAt(),
                    received);

            fulfilments.run(Till.confirmed(asked), batch -> creditRecharges.apply(List.of(payment)));

            assertThat(till.fulfilment(asked)).isEqualTo("FAILED");
            assertThat(till.errorOf(asked)).contains("paid with " + received);
        }
        assertThat(wallets.balance(user).principal()).isEqualTo(Money.fen(0));
    }

    @Test
    void aCrashAfterTheLedgerWroteUndoesItAndTheRetryCreditsOnce() {
        var user = till.newUser();
        var payment = till.paid(till.recharge(user, 500, 50));

        fulfilments.run(Till.confirmed(payment), batch -> {
            creditRecharges.apply(batch);
            throw new IllegalStateException("the power went off");
        });
        assertThat(till.fulfilment(payment)).isEqualTo("FAILED");
        assertThat(wallets.balance(user).principal()).isEqualTo(Money.fen(0));

        run(Till.confirmed(payment));
        assertThat(till.fulfilment(payment)).isEqualTo("SUCCEEDED");
        assertThat(wallets.balance(user).principal()).isEqualTo(Money.fen(500));
        assertThat(wallets.balance(user).bonus()).isEqualTo(Money.fen(50));
        assertThat(wallets.proof().holds()).isTrue();
    }

    @Test
    void manyBatchesAtOnceWithCommonUsersNeitherBlockNorDisagree() throws Exception {
        var users = List.of(till.newUser(), till.newUser(), till.newUser());
        var payments = IntStream.range(0, 96)
                .mapToObj(i -> till.paid(till.recharge(users.get(i % 3), 100, 7)))
                .toList();

        atOnce(32, new Callable<>() {
            private final java.util.concurrent.atomic.AtomicInteger next =
                    new java.util.concurrent.atomic.AtomicInteger();

            @Override
            public Object call() {
                int from = (next.getAndIncrement() * 3) % 90;
                run(Till.confirmed(payments.subList(from, from + 6).reversed().toArray(ConfirmedPayment[]::new)));
                return from;
            }
        });
        run(Till.confirmed(payments.toArray(ConfirmedPayment[]::new)));

        assertThat(users).allSatisfy(user -> {
            assertThat(wallets.balance(user).principal()).isEqualTo(Money.fen(3_200));
            assertThat(wallets.balance(user).bonus()).isEqualTo(Money.fen(224));
        });
        assertThat(wallets.proof().invariants()).allMatch(Proof.Invariant::holds);
    }

    /** What the listener does, on this thread. */
    private void run(PaymentsConfirmed event) {
        fulfilments.run(event, creditRecharges::apply);
    }

    private static <T> void atOnce(int times, Callable<T> work) throws Exception {
        try (var threads = Executors.newFixedThreadPool(times)) {
            for (var done : threads.invokeAll(java.util.Collections.nCopies(times, work))) {
                done.get();
            }
        }
    }
}
