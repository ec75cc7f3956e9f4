package io.tallyhook.wallet.ledger;

import static io.tallyhook.wallet.ledger.Credits.newKey;
import static io.tallyhook.wallet.ledger.Example.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tallyhook.payment.UserId;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;

/** What is spent comes out of which lots, what is refused, and what goes back where. */
class SpendingIntegrationTests {

    @RegisterExtension
    final Example wallet = new Example();

    @ParameterizedTest
    @CsvSource({"BONUS_FIRST, 40+20, 60+0", "PRINCIPAL_FIRST, 60+0, 40+20", "PRO_RATA, 50+10, 50+10"})
    void sixtyOfAHundredAndTwentyComeOutAsThePolicySays(DrawDown policy, String used, String left) {
        wallet.teller.under(policy);
        wallet.recharged(100, 20);

        assertThat(told(wallet.spend(60))).isEqualTo(used);
        assertThat(wallet.has()).isEqualTo(left);
        assertThat(wallet.lots()).containsExactly(left);
    }

    @Test
    void aSpendIsBookedAgainstRevenueAndBonusControl() {
        wallet.recharged(100, 20);

        assertThat(wallet.linesOf(wallet.spend(60)))
                .containsExactly("Dr 2204.01 50", "Cr 6001.01 50", "Dr 2204.11 10", "Cr 2204.19 10");
    }

    @ParameterizedTest
    @CsvSource({"GOODS, 6001.01", "VIP, 6001.02", "TICKET, 6001.80"})
    void thePurposeSaysWhichRevenueItIs(String purpose, String code) {
        wallet.recharged(100, 0);

        assertThat(wallet.linesOf(wallet.teller.spend(newKey(), wallet.user, 7, purpose)))
                .containsExactly("Dr 2204.01 7", "Cr " + code + " 7");
    }

    @Test
    void whoAsksAtTheMomentInWhichTheWalletIsOpenedIsToldToAskAgainAndGetsTheFirstAnswer() throws Exception {
        var key = newKey();
        try (var first = wallet.anotherTeller();
                var second = wallet.anotherTeller();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            first.connection().setAutoCommit(false);
            assertThat(told(first.spend(key, wallet.user, 30, "GOODS"))).isEqualTo("INSUFFICIENT_BALANCE");
            wallet.recharged(100, 0);

            var asked = threads.submit(() -> second.spend(key, wallet.user, 30, "GOODS"));
            await().until(() -> wallet.teller
                    .jdbc()
                    .sql("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'transactionid' AND NOT granted)")
                    .query(Boolean.class)
                    .single());
            first.connection().commit();

            assertThatThrownBy(asked::get).hasCauseInstanceOf(AskedAtOnce.class);
            assertThat(told(second.spend(key, wallet.user, 30, "GOODS"))).isEqualTo("INSUFFICIENT_BALANCE again");
            assertThat(wallet.has()).isEqualTo("100+0");
        }
    }

    @Test
    void theFractionOfACentIsTheBonusesAndALotEndsAtNothing() {
        wallet.recharged(100, 33);

        assertThat(told(wallet.spend(1))).isEqualTo("0+1");
        assertThat(told(wallet.spend(1))).isEqualTo("0+1");
        assertThat(told(wallet.spend(4))).isEqualTo("3+1");
        for (int cent = 0; cent < 127; cent++) {
            wallet.spent(1);
        }
        assertThat(wallet.lots()).containsExactly("0+0");
        assertThat(told(wallet.spend(1))).isEqualTo("INSUFFICIENT_BALANCE");
    }

    @ParameterizedTest
    @EnumSource(DrawDown.class)
    void whateverThePolicyALotCanBeSpentToTheLastCent(DrawDown policy) {
        wallet.teller.under(policy);
        wallet.recharged(9, 4, 30);
        wallet.recharged(5, 0);

        for (int cent = 0; cent < 18; cent++) {
            wallet.spent(1);
        }

        assertThat(wallet.lots()).containsExactly("0+0", "0+0");
    }

    @Test
    void theLotWhoseBonusExpiresFirstGoesFirstThenTheOldest() {
        wallet.recharged(10, 2);
        wallet.recharged(20, 4, 60);
        wallet.recharged(40, 8, 30);

        wallet.spent(48 + 12);
        assertThat(wallet.lots()).containsExactly("10+2", "10+2", "0+0");

        wallet.spent(12 + 6);
        assertThat(wallet.lots()).containsExactly("5+1", "0+0", "0+0");
    }

    @Test
    void underBonusFirstTheBonusOfAllLotsGoesBeforeAnyPrincipal() {
        wallet.teller.under(DrawDown.BONUS_FIRST);
        wallet.recharged(10, 2);
        wallet.recharged(20, 4, 30);

        assertThat(told(wallet.spend(5))).isEqualTo("0+5");
        assertThat(wallet.lots()).containsExactly("10+1", "20+0");
        assertThat(told(wallet.spend(5))).isEqualTo("4+1");
        assertThat(wallet.lots()).containsExactly("10+0", "16+0");
    }

    @Test
    void aBonusWhoseTimeHasComeIsNotSpentEvenBeforeItsExpiryIsBooked() {
        wallet.recharged(100, 20, 10);
        wallet.daysPass(10);

        assertThat(told(wallet.spend(101))).isEqualTo("INSUFFICIENT_BALANCE");
        assertThat(told(wallet.spend(60))).isEqualTo("60+0");
        assertThat(wallet.has()).isEqualTo("40+20");

        wallet.expiryRuns();
        assertThat(wallet.has()).isEqualTo("40+0");
        assertThat(wallet.booked("EXPIRY")).containsExactly("Dr 2204.11 20", "Cr 2204.19 20");
    }

    @Test
    void aBonusDoesNotExpireASecondEarly() {
        wallet.recharged(100, 20, 10);
        wallet.daysPass(10);
        wallet.clock.move(java.time.Duration.ofSeconds(-1));

        wallet.expiryRuns();

        assertThat(told(wallet.spend(120))).isEqualTo("100+20");
    }

    @Test
    void aBonusExpiresOnce() {
        wallet.recharged(100, 20, 10);
        wallet.daysPass(11);

        wallet.expiryRuns();
        wallet.expiryRuns();

        assertThat(wallet.booked("EXPIRY")).hasSize(2);
    }

    @Test
    void aRefusalIsKept() {
        wallet.recharged(100, 0);
        var key = newKey();
        assertThat(told(wallet.teller.spend(key, wallet.user, 101, "GOODS"))).isEqualTo("INSUFFICIENT_BALANCE");

        wallet.recharged(100, 0);

        assertThat(told(wallet.teller.spend(key, wallet.user, 101, "GOODS"))).isEqualTo("INSUFFICIENT_BALANCE again");
        assertThat(wallet.has()).isEqualTo("200+0");
        assertThat(told(wallet.spend(101))).isEqualTo("101+0");
    }

    @Test
    void aRepeatIsAnsweredAsTheFirstTimeAndMovesNothing() {
        wallet.recharged(100, 20);
        var key = newKey();
        var first = wallet.teller.spend(key, wallet.user, 60, "GOODS");

        assertThat(told(wallet.teller.spend(key, wallet.user, 60, "GOODS"))).isEqualTo(told(first) + " again");
        assertThat(wallet.has()).isEqualTo("50+10");
    }

    @Test
    void theSameKeyWithAnotherBodyIsAConflict() {
        wallet.recharged(100, 20);
        var key = newKey();
        wallet.teller.spend(key, wallet.user, 60, "GOODS");

        assertThatThrownBy(() -> wallet.teller.spend(key, wallet.user, 61, "GOODS"))
                .isInstanceOf(RequestConflict.class);
        assertThatThrownBy(() -> wallet.teller.spend(key, wallet.user, 60, "VIP"))
                .isInstanceOf(RequestConflict.class);
        assertThat(wallet.has()).isEqualTo("50+10");
    }

    @Test
    void theKeyOfARefusalWithAnotherBodyIsAConflictToo() {
        var key = newKey();
        wallet.teller.spend(key, wallet.user, 60, "GOODS");

        assertThatThrownBy(() -> wallet.teller.spend(key, wallet.user, 61, "GOODS"))
                .isInstanceOf(RequestConflict.class);
    }

    @Test
    void aUserNeverSeenHasNothingToSpendAndGetsNoWallet() {
        var stranger = new UserId("stranger-" + newKey());

        assertThat(told(wallet.teller.spend(newKey(), stranger, 1, "GOODS"))).isEqualTo("INSUFFICIENT_BALANCE");
        assertThat(wallet.audit.number("SELECT count(*) FROM wallet.owner WHERE user_id = ?", stranger.value()))
                .isZero();
    }

    @Test
    void aRefusalWithoutAWalletIsKeptToo() {
        var key = newKey();
        wallet.teller.spend(key, wallet.user, 1, "GOODS");
        wallet.recharged(100, 0);

        assertThat(told(wallet.teller.spend(key, wallet.user, 1, "GOODS"))).isEqualTo("INSUFFICIENT_BALANCE again");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 10_000_000_001L})
    void whatIsNoAmountIsRefusedByTheDatabase(long amount) {
        var recharge = wallet.recharged(100, 20);
        var spend = wallet.spent(60);
        var hold = wallet.held(12);

        assertThatThrownBy(() -> wallet.spend(amount)).isInstanceOf(DataIntegrityViolationException.class);
        assertThatThrownBy(() -> wallet.giveBack(spend, amount)).isInstanceOf(DataIntegrityViolationException.class);
        assertThatThrownBy(() -> wallet.held(amount)).isInstanceOf(DataIntegrityViolationException.class);
        assertThatThrownBy(() -> wallet.capture(hold, amount)).isInstanceOf(DataIntegrityViolationException.class);
        assertThatThrownBy(() -> wallet.refund(recharge, amount)).isInstanceOf(DataIntegrityViolationException.class);
        assertThatThrownBy(() -> wallet.chargeBack(recharge, amount))
                .isInstanceOf(DataIntegrityViolationException.class);
        assertThatThrownBy(() -> wallet.adjust("GRANT_PRINCIPAL", amount))
                .isInstanceOf(DataIntegrityViolationException.class);
        assertThat(wallet.has()).isEqualTo("40+8");
    }

    @Test
    void theLargestAmountsAreSplitToTheCent() {
        wallet.recharged(9_999_999_999L, 1);

        // Of one cent the principal's part is just below one, and so is nothing.
        assertThat(told(wallet.spend(1))).isEqualTo("0+1");
        assertThat(told(wallet.spend(9_999_999_999L))).isEqualTo("9999999999+0");

        // Here it is short of another cent by a twenty-billionth.
        wallet.recharged(9_999_999_007L, 10_000_000_000L);
        assertThat(told(wallet.spend(5_055_387_463L))).isEqualTo("2527693605+2527693858");
        assertThat(told(wallet.spend(9_999_999_007L + 10_000_000_000L - 5_055_387_463L - 10_000_000_000L)))
                .isEqualTo("2472305649+2472305895");
        wallet.spent(10_000_000_000L);

        wallet.recharged(10_000_000_000L, 10_000_000_000L);
        wallet.recharged(10_000_000_000L, 9_999_999_999L);
        assertThat(told(wallet.spend(10_000_000_000L))).isEqualTo("5000000000+5000000000");
        assertThat(told(wallet.spend(9_999_999_999L))).isEqualTo("4999999999+5000000000");
        assertThat(wallet.has()).isEqualTo("10000000001+9999999999");
    }

    @Test
    void whatIsGivenBackGoesToTheLotsItCameFromTheLastFirst() {
        wallet.recharged(100, 20, 30);
        wallet.recharged(100, 50);
        var key = wallet.spent(120 + 60);
        assertThat(wallet.lots()).containsExactly("0+0", "60+30");

        assertThat(told(wallet.giveBack(key, 30))).isEqualTo("20+10");
        assertThat(wallet.lots()).containsExactly("0+0", "80+40");
        assertThat(told(wallet.giveBack(key, 60))).isEqualTo("45+15");
        assertThat(wallet.lots()).containsExactly("25+5", "100+50");
        assertThat(told(wallet.giveBack(key, 90))).isEqualTo("75+15");
        assertThat(wallet.lots()).containsExactly("100+20", "100+50");
    }

    @Test
    void neverMoreIsGivenBackThanWasSpent() {
        wallet.recharged(100, 20);
        var key = wallet.spent(60);

        assertThat(told(wallet.giveBack(key, 61))).isEqualTo("MORE_THAN_SPENT");
        assertThat(told(wallet.giveBack(key, 59))).isEqualTo("49+10");
        assertThat(told(wallet.giveBack(key, 2))).isEqualTo("MORE_THAN_SPENT");
        assertThat(told(wallet.giveBack(key, 1))).isEqualTo("1+0");
        assertThat(told(wallet.giveBack(key, 1))).isEqualTo("MORE_THAN_SPENT");
        assertThat(wallet.has()).isEqualTo("100+20");
    }

    @Test
    void givingBackIsTheExactReverse() {
        wallet.recharged(100, 20);
        var key = wallet.spent(60);

        assertThat(wallet.linesOf(wallet.giveBack(key, 60)))
                .containsExactly("Dr 6001.01 50", "Cr 2204.01 50", "Dr 2204.19 10", "Cr 2204.11 10");
    }

    @Test
    void anotherUsersSpendOrARefusedOneIsNotGivenBack() {
        wallet.recharged(100, 0);
        var refused = newKey();
        wallet.teller.spend(refused, wallet.user, 101, "GOODS");
        var other = Credits.newUser();
        var others = newKey();
        wallet.teller.recharge(newKey(), other, 100, 0, null);
        wallet.teller.spend(others, other, 50, "GOODS");

        assertThat(told(wallet.giveBack(refused, 1))).isEqualTo("MORE_THAN_SPENT");
        assertThat(told(wallet.giveBack(others, 1))).isEqualTo("MORE_THAN_SPENT");
        assertThat(told(wallet.giveBack("never-asked", 1))).isEqualTo("MORE_THAN_SPENT");
    }

    @Test
    void theBonusOfAnExpiredLotGoesStraightOnToExpiry() {
        wallet.recharged(100, 20, 10);
        var key = wallet.spent(60);
        wallet.daysPass(10);
        wallet.expiryRuns();

        assertThat(told(wallet.giveBack(key, 60))).isEqualTo("50+10");

        assertThat(wallet.has()).isEqualTo("100+0");
        assertThat(wallet.lots()).containsExactly("100+0");
        assertThat(wallet.booked("EXPIRY"))
                .containsExactly("Dr 2204.11 10", "Cr 2204.19 10", "Dr 2204.11 10", "Cr 2204.19 10");
    }

    @Test
    void aRepeatedGivingBackIsAnsweredAsTheFirstTime() {
        wallet.recharged(100, 20);
        var spent = wallet.spent(60);
        var key = newKey();
        wallet.teller.giveBack(key, wallet.user, spent, 30);

        assertThat(told(wallet.teller.giveBack(key, wallet.user, spent, 30))).isEqualTo("25+5 again");
        assertThatThrownBy(() -> wallet.teller.giveBack(key, wallet.user, spent, 31))
                .isInstanceOf(RequestConflict.class);
        assertThat(wallet.has()).isEqualTo("75+15");
    }
}
