package io.tallyhook.wallet.ledger;

import static io.tallyhook.wallet.ledger.Credits.newKey;
import static io.tallyhook.wallet.ledger.Example.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refunded to the payer of a recharge is taken first, and ends in one of two ways. */
class RechargeRefundsIntegrationTests {

    @RegisterExtension
    final Example wallet = new Example();

    @Test
    void aRefundTakesPrincipalAndTheBonusThatStandsToIt() {
        var recharge = wallet.recharged(100, 20);

        assertThat(wallet.linesOf(wallet.refund(recharge, 50)))
                .containsExactly("Dr 2204.01 50", "Cr 2241.01 50", "Dr 2204.11 10", "Cr 2204.19 10");
        assertThat(wallet.lots()).containsExactly("50+10");
    }

    @ParameterizedTest
    @CsvSource({"100, 20, 100, 20", "100, 33, 1, 1", "100, 33, 97, 33", "3, 1, 2, 1", "7, 100, 1, 15", "5, 0, 3, 0"})
    void ofTheBonusNeverTooLittleGoes(long principal, long bonus, long refunded, long forgone) {
        var recharge = wallet.recharged(principal, bonus);

        assertThat(told(wallet.refund(recharge, refunded))).isEqualTo(refunded + "+" + forgone);
    }

    @Test
    void nothingIsLeftOfALotWhoseWholePrincipalIsRefunded() {
        var recharge = wallet.recharged(100, 33);
        wallet.spent(50);
        assertThat(wallet.lots()).containsExactly("63+20");

        wallet.refund(recharge, 1);
        wallet.refund(recharge, 62);

        assertThat(wallet.lots()).containsExactly("0+0");
    }

    @Test
    void noMoreIsRefundedThanIsLeftOfThatRecharge() {
        var recharge = wallet.recharged(100, 20);
        wallet.recharged(1_000, 0);
        wallet.held(60);

        assertThat(told(wallet.refund(recharge, 51))).isEqualTo("MORE_THAN_LEFT");
        assertThat(told(wallet.refund(recharge, 50))).isEqualTo("50+10");
        assertThat(told(wallet.refund(recharge, 1))).isEqualTo("MORE_THAN_LEFT");
        assertThat(wallet.lots()).containsExactly("0+0", "1000+0");
        assertThat(told(wallet.refund("never-paid", 1))).isEqualTo("MORE_THAN_LEFT");
    }

    @Test
    void whatAPersonGrantedIsNotRefundedToAnybody() {
        var number = Example.newAdjustment();
        wallet.teller.adjust(number, wallet.user, "GRANT_PRINCIPAL", 100, null, null);

        assertThat(told(wallet.refund(number, 1))).isEqualTo("MORE_THAN_LEFT");
    }

    @Test
    void whenTheProviderHasPaidOutTheMoneyLeavesTheClearingAccount() {
        var recharge = wallet.recharged(100, 20);
        var refund = newKey();
        wallet.teller.refundRecharge(refund, wallet.user, recharge, 50);

        var settled = wallet.teller.settled(refund, wallet.user);

        assertThat(wallet.linesOf(settled)).containsExactly("Dr 2241.01 50", "Cr 1012.01 wechat/main 50");
        assertThat(told(settled)).isEqualTo("50+0");
        assertThat(told(wallet.teller.settled(refund, wallet.user))).isEqualTo("50+0 again");
        assertThat(wallet.has()).isEqualTo("50+10");
    }

    @Test
    void whenItFailsTheLotGetsBackWhatWasTaken() {
        var recharge = wallet.recharged(100, 20);
        var refund = newKey();
        wallet.teller.refundRecharge(refund, wallet.user, recharge, 50);

        var failed = wallet.teller.failed(refund, wallet.user);

        assertThat(wallet.linesOf(failed))
                .containsExactly("Dr 2241.01 50", "Cr 2204.01 50", "Dr 2204.19 10", "Cr 2204.11 10");
        assertThat(told(failed)).isEqualTo("50+10");
        assertThat(told(wallet.teller.failed(refund, wallet.user))).isEqualTo("50+10 again");
        assertThat(wallet.lots()).containsExactly("100+20");
    }

    @Test
    void aRefundEndsInOneWayOnly() {
        var recharge = wallet.recharged(100, 20);
        var paidOut = newKey();
        var failed = newKey();
        wallet.teller.refundRecharge(paidOut, wallet.user, recharge, 10);
        wallet.teller.refundRecharge(failed, wallet.user, recharge, 10);
        wallet.teller.settled(paidOut, wallet.user);
        wallet.teller.failed(failed, wallet.user);

        assertThat(told(wallet.teller.failed(paidOut, wallet.user))).isEqualTo("RESOLVED_BEFORE");
        assertThat(told(wallet.teller.settled(failed, wallet.user))).isEqualTo("RESOLVED_BEFORE");
        assertThat(wallet.has()).isEqualTo("90+18");
    }

    @Test
    void whatWasNeverAskedForDoesNotEnd() {
        var recharge = wallet.recharged(100, 20);
        var declined = newKey();
        wallet.teller.refundRecharge(declined, wallet.user, recharge, 101);

        assertThat(told(wallet.teller.settled(newKey(), wallet.user))).isEqualTo("NOTHING_DUE");
        assertThat(told(wallet.teller.failed(newKey(), wallet.user))).isEqualTo("NOTHING_DUE");
        assertThat(told(wallet.teller.settled(declined, wallet.user))).isEqualTo("NOTHING_DUE");
    }

    @Test
    void aRefundThatFailsAfterTheBonusesTimeGivesBackThePrincipalOnly() {
        var recharge = wallet.recharged(100, 20, 10);
        var refund = newKey();
        wallet.teller.refundRecharge(refund, wallet.user, recharge, 50);
        wallet.daysPass(10);
        wallet.expiryRuns();

        wallet.teller.failed(refund, wallet.user);

        assertThat(wallet.has()).isEqualTo("100+0");
        assertThat(wallet.booked("EXPIRY"))
                .containsExactly("Dr 2204.11 10", "Cr 2204.19 10", "Dr 2204.11 10", "Cr 2204.19 10");
    }

    @Test
    void aRepeatIsAnsweredAsTheFirstTimeAndAnotherBodyIsAConflict() {
        var recharge = wallet.recharged(100, 20);
        var refund = newKey();
        wallet.teller.refundRecharge(refund, wallet.user, recharge, 50);

        assertThat(told(wallet.teller.refundRecharge(refund, wallet.user, recharge, 50)))
                .isEqualTo("50+10 again");
        assertThatThrownBy(() -> wallet.teller.refundRecharge(refund, wallet.user, recharge, 51))
                .isInstanceOf(RequestConflict.class);
        assertThat(wallet.has()).isEqualTo("50+10");
    }

    @Test
    void whatWasSpentAndGivenBackCanBeRefundedAgainButNotBeyondWhatWasCollected() {
        var recharge = wallet.recharged(100, 0);
        var spend = wallet.spent(60);
        wallet.refund(recharge, 40);
        wallet.giveBack(spend, 60);

        assertThat(told(wallet.refund(recharge, 60))).isEqualTo("60+0");
        assertThat(told(wallet.refund(recharge, 1))).isEqualTo("MORE_THAN_LEFT");
    }
}
