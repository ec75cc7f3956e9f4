package io.tallyhook.wallet.ledger;

import static io.tallyhook.wallet.ledger.Credits.newKey;
import static io.tallyhook.wallet.ledger.Example.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Chargebacks, the debts that they leave, and what two persons may do to a wallet. */
class AdjustmentsIntegrationTests {

    @RegisterExtension
    final Example wallet = new Example();

    @Test
    void aChargebackBeforeAnythingWasSpentTakesTheLotAndItsBonus() {
        var recharge = wallet.recharged(100, 20);

        assertThat(wallet.linesOf(wallet.chargeBack(recharge, 100)))
                .containsExactly("Dr 2204.01 100", "Cr 1012.01 wechat/main 100", "Dr 2204.11 20", "Cr 2204.19 20");
        assertThat(wallet.lots()).containsExactly("0+0");
        assertThat(wallet.owes()).isZero();
    }

    @Test
    void whatWasSpentAlreadyTheUserOwes() {
        var recharge = wallet.recharged(100, 20);
        wallet.spent(60);

        var answer = wallet.chargeBack(recharge, 100);

        assertThat(told(answer)).isEqualTo("50+10");
        assertThat(wallet.linesOf(answer))
                .containsExactly(
                        "Dr 2204.01 50",
                        "Dr 1221.01 50",
                        "Cr 1012.01 wechat/main 100",
                        "Dr 2204.11 10",
                        "Cr 2204.19 10");
        assertThat(wallet.owes()).isEqualTo(50);
    }

    @Test
    void ofASpentRechargeTheUserOwesAll() {
        var recharge = wallet.recharged(100, 20);
        wallet.spent(120);

        assertThat(wallet.linesOf(wallet.chargeBack(recharge, 100)))
                .containsExactly("Dr 1221.01 100", "Cr 1012.01 wechat/main 100");
        assertThat(wallet.owes()).isEqualTo(100);
    }

    @Test
    void aPartlyChargedBackRechargeLosesItsBonusInProportion() {
        var recharge = wallet.recharged(100, 20);

        assertThat(told(wallet.chargeBack(recharge, 50))).isEqualTo("50+10");
        assertThat(told(wallet.chargeBack(recharge, 50))).isEqualTo("50+10");
        assertThat(wallet.lots()).containsExactly("0+0");
    }

    @Test
    void otherMoneyOfTheUserIsNotTouched() {
        var recharge = wallet.recharged(100, 0);
        wallet.spent(100);
        wallet.recharged(500, 50);

        wallet.chargeBack(recharge, 100);

        assertThat(wallet.has()).isEqualTo("500+50");
        assertThat(wallet.owes()).isEqualTo(100);
    }

    @Test
    void noMoreIsChargedBackThanWasCollectedAndHasNotGoneBack() {
        var recharge = wallet.recharged(100, 20);
        var settled = newKey();
        var failed = newKey();
        wallet.teller.refundRecharge(settled, wallet.user, recharge, 30);
        wallet.teller.refundRecharge(failed, wallet.user, recharge, 20);
        wallet.teller.settled(settled, wallet.user);

        assertThat(told(wallet.chargeBack(recharge, 51))).isEqualTo("MORE_THAN_LEFT");
        wallet.teller.failed(failed, wallet.user);
        assertThat(told(wallet.chargeBack(recharge, 71))).isEqualTo("MORE_THAN_LEFT");
        assertThat(told(wallet.chargeBack(recharge, 70))).isEqualTo("70+14");
        assertThat(told(wallet.chargeBack(recharge, 1))).isEqualTo("MORE_THAN_LEFT");
        assertThat(told(wallet.chargeBack("never-paid", 1))).isEqualTo("MORE_THAN_LEFT");
    }

    @Test
    void whatWasChargedBackIsNotRefundedAlthoughTheLotWasGivenBackItsSpending() {
        var recharge = wallet.recharged(100, 0);
        var spend = wallet.spent(60);
        wallet.chargeBack(recharge, 100);
        wallet.giveBack(spend, 60);
        assertThat(wallet.lots()).containsExactly("60+0");

        assertThat(told(wallet.refund(recharge, 1))).isEqualTo("MORE_THAN_LEFT");
        assertThat(wallet.linesOf(wallet.adjust("PAY_DEBT", 60))).containsExactly("Dr 2204.01 60", "Cr 1221.01 60");
        assertThat(wallet.owes()).isZero();
    }

    @Test
    void aDebtIsPaidOrWrittenOffAndNeverBeyond() {
        var recharge = wallet.recharged(100, 0);
        wallet.spent(100);
        wallet.chargeBack(recharge, 100);
        wallet.recharged(40, 40);

        assertThat(told(wallet.adjust("PAY_DEBT", 101))).isEqualTo("NOTHING_DUE");
        assertThat(told(wallet.adjust("PAY_DEBT", 41))).isEqualTo("INSUFFICIENT_BALANCE");
        assertThat(told(wallet.adjust("PAY_DEBT", 40))).isEqualTo("40+0");
        assertThat(wallet.has()).isEqualTo("0+40");
        assertThat(wallet.linesOf(wallet.adjust("WRITE_OFF_DEBT", 60)))
                .containsExactly("Dr 6601.01 60", "Cr 1221.01 60");
        assertThat(told(wallet.adjust("WRITE_OFF_DEBT", 1))).isEqualTo("NOTHING_DUE");
        assertThat(wallet.owes()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "GRANT_PRINCIPAL, Dr 6601.01 30, Cr 2204.01 30, 130+20",
        "TAKE_PRINCIPAL,  Dr 2204.01 30, Cr 6601.01 30, 70+20",
        "GRANT_BONUS,     Dr 2204.19 30, Cr 2204.11 30, 100+50",
    })
    void anAdjustmentIsBookedAgainstItsCostOrTheBonusControl(String kind, String debit, String credit, String left) {
        wallet.recharged(100, 20);

        assertThat(wallet.linesOf(wallet.adjust(kind, 30))).containsExactly(debit, credit);
        assertThat(wallet.has()).isEqualTo(left);
    }

    @Test
    void ofOnePartNoMoreIsTakenThanThereIs() {
        wallet.recharged(100, 20);

        assertThat(told(wallet.adjust("TAKE_BONUS", 21))).isEqualTo("INSUFFICIENT_BALANCE");
        assertThat(told(wallet.adjust("TAKE_PRINCIPAL", 101))).isEqualTo("INSUFFICIENT_BALANCE");
        assertThat(wallet.linesOf(wallet.adjust("TAKE_BONUS", 20))).containsExactly("Dr 2204.11 20", "Cr 2204.19 20");
        assertThat(wallet.has()).isEqualTo("100+0");
    }

    @Test
    void aGrantOpensTheWalletOfAUserNeverSeenAndIsSpentLikeAnyOther() {
        wallet.adjust("GRANT_PRINCIPAL", 30);

        assertThat(told(wallet.spend(30))).isEqualTo("30+0");
    }

    @Test
    void aGrantedBonusExpiresWhenItWasSaidTo() {
        wallet.teller.adjust(
                Example.newAdjustment(),
                wallet.user,
                "GRANT_BONUS",
                30,
                null,
                wallet.clock.instant().plus(Duration.ofDays(3)));
        assertThat(told(wallet.spend(10))).isEqualTo("0+10");
        wallet.daysPass(3);

        wallet.expiryRuns();

        assertThat(wallet.has()).isEqualTo("0+0");
    }

    @Test
    void anApprovedGivingBackIsLikeAnyOther() {
        wallet.recharged(100, 20);
        var spend = wallet.spent(60);

        var answer = wallet.teller.adjust(Example.newAdjustment(), wallet.user, "SPEND_REFUND", 30, spend, null);

        assertThat(told(answer)).isEqualTo("25+5");
        assertThat(wallet.has()).isEqualTo("75+15");
    }

    @Test
    void anAdjustmentIsBookedOnceAndKeepsItsTerms() {
        wallet.recharged(100, 20);
        var number = Example.newAdjustment();
        wallet.teller.adjust(number, wallet.user, "TAKE_PRINCIPAL", 30, null, null);

        assertThat(told(wallet.teller.adjust(number, wallet.user, "TAKE_PRINCIPAL", 30, null, null)))
                .isEqualTo("30+0 again");
        assertThatThrownBy(() -> wallet.teller.adjust(number, wallet.user, "TAKE_PRINCIPAL", 31, null, null))
                .isInstanceOf(RequestConflict.class);
        assertThat(wallet.has()).isEqualTo("70+20");
    }

    @Test
    void theVoucherSaysWhoAgreedAndWhy() {
        wallet.recharged(100, 20);
        var number = Example.newAdjustment();
        wallet.teller.adjust(number, wallet.user, "TAKE_PRINCIPAL", 30, null, null);

        assertThat(wallet.audit.lines("SELECT actor || ': ' || memo FROM wallet.journal WHERE request_key = ?", number))
                .containsExactly("bob: as agreed (proposed by ann, approved by bob)");
    }
}
