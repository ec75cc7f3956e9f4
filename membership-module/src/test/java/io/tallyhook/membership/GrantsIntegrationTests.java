package io.tallyhook.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.Payments;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tallyhook.testing.Payer;

@MembershipModuleTest
class GrantsIntegrationTests {

    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");

    private final Club club;
    private final Memberships memberships;
    private final Payments payments;
    private final Payer payer;
    private final JdbcClient jdbc;

    GrantsIntegrationTests(Club club, Memberships memberships, Payments payments, Payer payer, JdbcClient jdbc) {
        this.club = club;
        this.memberships = memberships;
        this.payments = payments;
        this.payer = payer;
        this.jdbc = jdbc;
    }

    @Test
    void aConfirmedPaymentGrantsTheMembership() {
        var user = club.someone();
        var purchase = club.purchase(user, club.aPlan(30));
        var attempt = club.attempt(purchase);

        payer.pays(attempt);

        assertThat(club.settled(attempt).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(memberships.purchase(purchase.purchaseNo()).state()).isEqualTo(PurchaseState.GRANTED);
        assertThat(memberships.purchase(purchase.purchaseNo()).paidBy()).isEqualTo(attempt.outTradeNo());
        var membership = memberships.of(user);
        assertThat(membership.active()).isTrue();
        assertThat(membership.grants()).hasSize(1);
        assertThat(Duration.between(
                        membership.grants().getFirst().startsAt(),
                        membership.grants().getFirst().expiresAt()))
                .isEqualTo(Duration.ofDays(30));
    }

    @Test
    void plansOfEveryKindExtendTheSameLine() {
        var user = club.someone();
        club.listenerAt(NOON).on(Club.confirmed(club.paidInSilence(user, club.aPlan(30))));
        club.listenerAt(NOON.plusSeconds(60)).on(Club.confirmed(club.paidInSilence(user, club.aPlan(365))));

        var membership = club.of(user, NOON.plusSeconds(120));

        assertThat(membership.startsAt()).isEqualTo(NOON);
        assertThat(membership.expiresAt()).isEqualTo(NOON.plus(Duration.ofDays(395)));
        assertThat(membership.grants()).hasSize(2);
        assertThat(membership.planCode()).startsWith("plan-30-");
    }

    @Test
    void afterAGapTheNewGrantBeginsWhenItIsMade() {
        var user = club.someone();
        var plan = club.aPlan(1);
        var later = NOON.plus(Duration.ofDays(100));
        club.listenerAt(NOON).on(Club.confirmed(club.paidInSilence(user, plan)));

        club.listenerAt(later).on(Club.confirmed(club.paidInSilence(user, plan)));

        assertThat(club.of(user, later).startsAt()).isEqualTo(later);
        assertThat(club.of(user, later.minusSeconds(1)).active()).isFalse();
    }

    @Test
    void aClockThatRunsBehindMakesNoOverlap() {
        var user = club.someone();
        var plan = club.aPlan(10);
        club.listenerAt(NOON).on(Club.confirmed(club.paidInSilence(user, plan)));

        club.listenerAt(NOON.minus(Duration.ofDays(3))).on(Club.confirmed(club.paidInSilence(user, plan)));

        assertThat(club.of(user, NOON).expiresAt()).isEqualTo(NOON.plus(Duration.ofDays(20)));
    }

    @Test
    void severalPurchasesOfOneUserInOneBatchFollowEachOther() {
        var user = club.someone();
        var other = club.someone();
        var plan = club.aPlan(7);

        club.listenerAt(NOON)
                .on(Club.confirmed(
                        club.paidInSilence(user, plan),
                        club.paidInSilence(other, plan),
                        club.paidInSilence(user, plan),
                        club.paidInSilence(user, plan)));

        assertThat(club.of(user, NOON).expiresAt()).isEqualTo(NOON.plus(Duration.ofDays(21)));
        assertThat(club.of(other, NOON).expiresAt()).isEqualTo(NOON.plus(Duration.ofDays(7)));
    }

    @Test
    void aRepeatedEventGrantsNothingTwice() {
        var user = club.someone();
        var event = Club.confirmed(club.paidInSilence(user, club.aPlan(30)));

        club.listenerAt(NOON).on(event);
        club.listenerAt(NOON).on(event);

        assertThat(club.of(user, NOON).grants()).hasSize(1);
    }

    @Test
    void aSecondPaymentOfOnePurchaseIsASurplusAndGrantsNothing() {
        var user = club.someone();
        var purchase = club.purchase(user, club.aPlan(30));
        var first = club.attempt(purchase);
        var second = club.attempt(purchase);
        club.pay(first);
        club.pay(second);

        club.listenerAt(NOON).on(Club.confirmed(first, second));

        assertThat(payments.get(first.outTradeNo()).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(payments.get(second.outTradeNo()).fulfilmentReason()).isEqualTo(ParkingReason.SURPLUS);
        assertThat(club.of(user, NOON).grants()).hasSize(1);
    }

    @Test
    void aPaymentOfACancelledPurchaseIsParkedAndGrantsNothing() {
        var user = club.someone();
        var attempt = club.paidInSilence(user, club.aPlan(30));
        jdbc.sql("UPDATE membership.purchase SET state = 'CANCELLED' WHERE purchase_no = :purchaseNo")
                .param("purchaseNo", attempt.reference())
                .update();

        club.listenerAt(NOON).on(Club.confirmed(attempt));

        assertThat(payments.get(attempt.outTradeNo()).fulfilmentReason()).isEqualTo(ParkingReason.CANCELLED_BEFORE);
        assertThat(club.of(user, NOON).grants()).isEmpty();
    }

    @Test
    void aPoisonedPaymentHarmsNobodyElseInItsBatch() {
        var user = club.someone();
        var unlucky = club.someone();
        var plan = club.aPlan(30);
        var good = club.paidInSilence(user, plan);
        var poisoned = club.paidInSilence(unlucky, plan);
        jdbc.sql("ALTER TABLE payment.payment DISABLE TRIGGER payment_terms").update();
        jdbc.sql("UPDATE payment.payment SET amount = 1 WHERE out_trade_no = :outTradeNo")
                .param("outTradeNo", poisoned.outTradeNo())
                .update();
        jdbc.sql("ALTER TABLE payment.payment ENABLE TRIGGER payment_terms").update();

        club.listenerAt(NOON).on(Club.confirmed(poisoned, good));

        assertThat(club.of(user, NOON).active()).isTrue();
        assertThat(club.of(unlucky, NOON).grants()).isEmpty();
        assertThat(payments.get(poisoned.outTradeNo()).fulfilment()).isEqualTo(FulfilmentState.FAILED);
        assertThat(payments.get(poisoned.outTradeNo()).fulfilmentError())
                .contains("is of 0.01 CNY, but membership purchase", "costs 25.00 CNY");
    }

    @Test
    void aReplacedPlanDoesNotTouchARunningPurchase() {
        var user = club.someone();
        var plan = club.aPlan(30);
        var attempt = club.paidInSilence(user, plan);
        memberships.put(new Plan(plan.planCode(), "Dearer and shorter", Money.fen(9900), 1, false));

        club.listenerAt(NOON).on(Club.confirmed(attempt));

        assertThat(club.of(user, NOON).expiresAt()).isEqualTo(NOON.plus(Duration.ofDays(30)));
        assertThat(club.of(user, NOON).grants().getFirst().planName()).isEqualTo("VIP");
    }
}
