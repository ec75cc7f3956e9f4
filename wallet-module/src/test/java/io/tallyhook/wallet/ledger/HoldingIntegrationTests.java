package io.tallyhook.wallet.ledger;

import static io.tallyhook.wallet.ledger.Credits.newKey;
import static io.tallyhook.wallet.ledger.Example.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is set aside is captured or released, whole or in parts, and never both. */
class HoldingIntegrationTests {

    @RegisterExtension
    final Example wallet = new Example();

    @Test
    void aHoldSetsAsideByTheSamePolicyAsASpend() {
        wallet.recharged(100, 20);
        var answer = wallet.teller.hold(newKey(), wallet.user, 60, Duration.ofDays(1));

        assertThat(wallet.linesOf(answer))
                .containsExactly("Dr 2204.01 50", "Cr 2204.02 50", "Dr 2204.11 10", "Cr 2204.12 10");
        assertThat(wallet.has()).isEqualTo("50+10");
        assertThat(wallet.holds()).isEqualTo("50+10");
        assertThat(wallet.lots()).containsExactly("50+10");
    }

    @Test
    void whatIsHeldCannotBeSpentOrHeldAgain() {
        wallet.recharged(100, 20);
        wallet.held(100);

        assertThat(told(wallet.spend(21))).isEqualTo("INSUFFICIENT_BALANCE");
        assertThat(told(wallet.teller.hold(newKey(), wallet.user, 21, Duration.ofDays(1))))
                .isEqualTo("INSUFFICIENT_BALANCE");
        assertThat(told(wallet.spend(20))).isEqualTo("17+3");
    }

    @Test
    void aCaptureEarnsWhatWasHeld() {
        wallet.recharged(100, 20);
        var hold = wallet.held(60);

        assertThat(wallet.linesOf(wallet.capture(hold, 60L)))
                .containsExactly("Dr 2204.02 50", "Cr 6001.01 50", "Dr 2204.12 10", "Cr 2204.19 10");
        assertThat(wallet.holds()).isEqualTo("0+0");
        assertThat(wallet.has()).isEqualTo("50+10");
    }

    @Test
    void capturesInPartsEndAtExactlyNothing() {
        wallet.recharged(100, 33);
        var hold = wallet.held(133);

        assertThat(told(wallet.capture(hold, 1L))).isEqualTo("0+1");
        assertThat(told(wallet.capture(hold, 31L))).isEqualTo("23+8");
        assertThat(told(wallet.capture(hold, 101L))).isEqualTo("77+24");
        assertThat(told(wallet.capture(hold, 1L))).isEqualTo("NOTHING_HELD");
        assertThat(wallet.holds()).isEqualTo("0+0");
    }

    @Test
    void aCaptureOfNoAmountTakesAllThatIsLeft() {
        wallet.recharged(100, 20);
        var hold = wallet.held(60);
        wallet.capture(hold, 12L);

        assertThat(told(wallet.capture(hold, null))).isEqualTo("40+8");
        assertThat(wallet.holds()).isEqualTo("0+0");
    }

    @Test
    void noMoreIsCapturedThanIsHeld() {
        wallet.recharged(100, 20);
        var hold = wallet.held(60);

        assertThat(told(wallet.capture(hold, 61L))).isEqualTo("MORE_THAN_HELD");
        wallet.capture(hold, 40L);
        assertThat(told(wallet.capture(hold, 21L))).isEqualTo("MORE_THAN_HELD");
        assertThat(told(wallet.capture(newKey(), 1L))).isEqualTo("NOTHING_HELD");
    }

    @Test
    void aReleaseGivesBackTheRestToTheLotsItCameFrom() {
        wallet.recharged(100, 20, 30);
        wallet.recharged(50, 0);
        var hold = wallet.held(140);
        wallet.capture(hold, 60L);

        var answer = wallet.release(hold);

        assertThat(wallet.linesOf(answer))
                .containsExactly("Dr 2204.02 70", "Cr 2204.01 70", "Dr 2204.12 10", "Cr 2204.11 10");
        assertThat(wallet.lots()).containsExactly("50+10", "50+0");
        assertThat(wallet.has()).isEqualTo("100+10");
    }

    @Test
    void aSecondReleaseFindsNothing() {
        wallet.recharged(100, 20);
        var hold = wallet.held(60);
        wallet.release(hold);

        assertThat(told(wallet.release(hold))).isEqualTo("NOTHING_HELD");
        assertThat(told(wallet.capture(hold, 1L))).isEqualTo("NOTHING_HELD");
        assertThat(wallet.has()).isEqualTo("100+20");
    }

    @Test
    void afterTheLastCaptureThereIsNothingToRelease() {
        wallet.recharged(100, 20);
        var hold = wallet.held(60);
        wallet.capture(hold, null);

        assertThat(told(wallet.release(hold))).isEqualTo("NOTHING_HELD");
    }

    @Test
    void everyStepOfAHoldIsRepeatable() {
        wallet.recharged(100, 20);
        var hold = newKey();
        var capture = newKey();
        var release = newKey();
        for (var again : List.of("", " again")) {
            assertThat(told(wallet.teller.hold(hold, wallet.user, 60, Duration.ofDays(1))))
                    .isEqualTo("50+10" + again);
            assertThat(told(wallet.teller.capture(capture, wallet.user, hold, 30L, "GOODS")))
                    .isEqualTo("25+5" + again);
            assertThat(told(wallet.teller.release(release, wallet.user, hold))).isEqualTo("25+5" + again);
        }
        assertThat(wallet.has()).isEqualTo("75+15");
    }

    @Test
    void theSameKeysWithOtherBodiesAreConflicts() {
        wallet.recharged(100, 20);
        var hold = newKey();
        var capture = newKey();
        wallet.teller.hold(hold, wallet.user, 60, Duration.ofDays(1));
        wallet.teller.capture(capture, wallet.user, hold, 30L, "GOODS");

        assertThatThrownBy(() -> wallet.teller.hold(hold, wallet.user, 61, Duration.ofDays(1)))
                .isInstanceOf(RequestConflict.class);
        assertThatThrownBy(() -> wallet.teller.capture(capture, wallet.user, hold, 31L, "GOODS"))
                .isInstanceOf(RequestConflict.class);
        assertThatThrownBy(() -> wallet.teller.capture(capture, wallet.user, hold, null, "GOODS"))
                .isInstanceOf(RequestConflict.class);
        assertThatThrownBy(() -> wallet.teller.capture(capture, wallet.user, hold, 30L, "VIP"))
                .isInstanceOf(RequestConflict.class);
    }

    @Test
    void anotherUsersHoldIsNotHis() {
        wallet.recharged(100, 20);
        var hold = wallet.held(60);
        var other = Credits.newUser();
        wallet.teller.recharge(newKey(), other, 100, 0, null);

        assertThat(told(wallet.teller.capture(newKey(), other, hold, 1L, "GOODS")))
                .isEqualTo("NOTHING_HELD");
        assertThat(told(wallet.teller.release(newKey(), other, hold))).isEqualTo("NOTHING_HELD");
        assertThat(wallet.holds()).isEqualTo("50+10");
    }

    @Test
    void whenItsTimeIsOverAHoldIsReleasedAndNotCaptured() {
        wallet.recharged(100, 20);
        var hold = wallet.held(60);
        wallet.daysPass(1);

        assertThat(told(wallet.capture(hold, 1L))).isEqualTo("NOTHING_HELD");
        assertThat(wallet.teller.releaseOverdue(List.of(wallet.user))).containsExactly(hold);
        assertThat(wallet.teller.releaseOverdue(List.of(wallet.user))).isEmpty();
        assertThat(wallet.has()).isEqualTo("100+20");
    }

    @Test
    void aBonusDoesNotExpireWhileItIsHeldAndCanStillBeCaptured() {
        wallet.recharged(100, 20, 10);
        wallet.daysPass(10);
        wallet.clock.move(Duration.ofHours(-1));
        var hold = wallet.held(60);
        wallet.clock.move(Duration.ofHours(2));

        wallet.expiryRuns();

        assertThat(wallet.has()).isEqualTo("50+0");
        assertThat(wallet.holds()).isEqualTo("50+10");
        assertThat(told(wallet.capture(hold, 30L))).isEqualTo("25+5");
    }

    @Test
    void aBonusThatIsReleasedTooLateExpiresAtOnce() {
        wallet.recharged(100, 20, 10);
        wallet.daysPass(10);
        wallet.clock.move(Duration.ofHours(-1));
        var hold = wallet.held(60);
        wallet.clock.move(Duration.ofHours(2));
        wallet.expiryRuns();

        assertThat(told(wallet.release(hold))).isEqualTo("50+10");

        assertThat(wallet.has()).isEqualTo("100+0");
        assertThat(wallet.booked("EXPIRY"))
                .containsExactly("Dr 2204.11 10", "Cr 2204.19 10", "Dr 2204.11 10", "Cr 2204.19 10");
    }

    @Test
    void whatWasCapturedIsGivenBackByTheNumberOfTheHold() {
        wallet.recharged(100, 20);
        var hold = wallet.held(60);
        assertThat(told(wallet.giveBack(hold, 1))).isEqualTo("MORE_THAN_SPENT");
        wallet.capture(hold, 30L);

        assertThat(told(wallet.giveBack(hold, 31))).isEqualTo("MORE_THAN_SPENT");
        assertThat(wallet.linesOf(wallet.giveBack(hold, 12)))
                .containsExactly("Dr 6001.01 10", "Cr 2204.01 10", "Dr 2204.19 2", "Cr 2204.11 2");
        wallet.capture(hold, null);
        assertThat(told(wallet.giveBack(hold, 48))).isEqualTo("40+8");
        assertThat(wallet.has()).isEqualTo("100+20");
    }

    @Test
    void whatWasCapturedForTwoPurposesIsTakenBackFromBothRevenuesTheLastFirst() {
        wallet.recharged(100, 0);
        var hold = wallet.held(100);
        wallet.teller.capture(newKey(), wallet.user, hold, 60L, "GOODS");
        wallet.teller.capture(newKey(), wallet.user, hold, 40L, "VIP");

        assertThat(wallet.linesOf(wallet.giveBack(hold, 30))).containsExactly("Dr 6001.02 30", "Cr 2204.01 30");
        assertThat(wallet.linesOf(wallet.giveBack(hold, 70)))
                .containsExactly("Dr 6001.02 10", "Dr 6001.01 60", "Cr 2204.01 70");
    }
}
