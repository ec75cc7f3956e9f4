package io.tallyhook.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.tallyhook.payment.Entitlement.Line;
import io.tallyhook.payment.Entitlement.Preview;
import io.tallyhook.payment.Entitlement.TakeBack;
import io.tallyhook.payment.Entitlement.Taking;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.UserId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What a refund takes of a membership. Every purchase of these tests costs 25.00 and is granted at noon of day 0. */
@MembershipModuleTest
class RefundedMembershipsIntegrationTests {

    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");

    private final Club club;
    private final Memberships memberships;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    RefundedMembershipsIntegrationTests(
            Club club, Memberships memberships, JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.club = club;
        this.memberships = memberships;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Test
    void aFullRefundTakesTheDaysThatAreNotUsedAndEndsThePurchase() {
        var payment = granted(club.someone(), 30);

        assertThat(take(Club.refund(payment, "R1", 0, 2500), day(10))).isEqualTo(new Taking.Taken());

        assertThat(stateOf(payment)).isEqualTo(PurchaseState.REFUNDED);
        assertThat(lineOf(payment)).containsExactly("0-10");
        assertThat(club.of(payment.userId(), day(9)).expiresAt()).isEqualTo(day(10));
        assertThat(club.of(payment.userId(), day(10)).active()).isFalse();
    }

    @Test
    void whoseRefundFailsIsAMemberForAsLongAsBefore() {
        var payment = granted(club.someone(), 30);
        var refund = Club.refund(payment, "R1", 0, 2500);
        take(refund, day(10));

        giveBack(refund, day(10));

        assertThat(stateOf(payment)).isEqualTo(PurchaseState.GRANTED);
        assertThat(lineOf(payment)).containsExactly("0-30");
    }

    @Test
    void whoHasAllOfHisMoneyBackIsAMemberNoMoreInTheMiddleOfADay() {
        var user = club.someone();
        var first = granted(user, 30);
        var second = granted(user, 60);
        var now = day(10).plus(Duration.ofHours(7));
        var refund = Club.refund(first, "R1", 0, 2500);

        take(refund, now);
        assertThat(club.of(user, now).grants())
                .extracting(Grant::outTradeNo, Grant::expiresAt)
                .containsExactly(
                        tuple(first.outTradeNo(), now), tuple(second.outTradeNo(), now.plus(Duration.ofDays(60))));

        take(Club.refund(second, "R1", 0, 2500), now);
        assertThat(club.of(user, now).active()).isFalse();

        giveBack(refund, now);
        assertThat(club.of(user, now).expiresAt()).isEqualTo(day(30));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 3_000, 999_999, 1_000_001, 86_400_000_000L - 1, 86_400_000_000L, 86_400_000_001L})
    void howeverSoonAfterTheGrantAllIsTakenAndGivenBackToTheMicrosecond(long microseconds) {
        var payment = granted(club.someone(), 30);
        var now = NOON.plus(microseconds, ChronoUnit.MICROS);
        var refund = Club.refund(payment, "R1", 0, 2500);

        take(refund, now);
        assertThat(club.of(payment.userId(), now).active()).isFalse();

        giveBack(refund, now);
        assertThat(club.of(payment.userId(), now).expiresAt()).isEqualTo(day(30));
    }

    @Test
    void aPartOfTheMoneyLeavesTheDayThatHasBegun() {
        var payment = granted(club.someone(), 2);

        take(Club.refund(payment, "R1", 0, 2499), NOON.plusSeconds(1));

        assertThat(lineOf(payment)).containsExactly("0-1");
    }

    @Test
    void daysThatAreGivenBackLateAreNotLost() {
        var payment = granted(club.someone(), 30);
        var refund = Club.refund(payment, "R1", 0, 2500);
        take(refund, day(10));

        giveBack(refund, day(15));

        assertThat(lineOf(payment)).containsExactly("0-10", "15-35");
        assertThat(club.of(payment.userId(), day(12)).active()).isFalse();
        assertThat(club.of(payment.userId(), day(16)).expiresAt()).isEqualTo(day(35));
    }

    @Test
    void partsOfTheMoneyTakeTheirPartOfTheDaysAndTheLastPartTheRest() {
        var payment = granted(club.someone(), 30);

        take(Club.refund(payment, "R1", 0, 1000), NOON);
        assertThat(lineOf(payment)).containsExactly("0-18");
        assertThat(stateOf(payment)).isEqualTo(PurchaseState.GRANTED);
        take(Club.refund(payment, "R2", 1000, 1), NOON);
        assertThat(lineOf(payment)).containsExactly("0-17");
        take(Club.refund(payment, "R3", 1001, 1499), NOON);
        assertThat(lineOf(payment)).isEmpty();
        assertThat(stateOf(payment)).isEqualTo(PurchaseState.REFUNDED);
    }

    @Test
    void noOtherPurchaseLosesADay() {
        var user = club.someone();
        var first = granted(user, 30);
        var second = granted(user, 60);

        take(Club.refund(first, "R1", 0, 2500), day(12));
        assertThat(lineOf(first)).containsExactly("0-12", "12-72");

        take(Club.refund(second, "R1", 0, 2500), day(12));
        assertThat(lineOf(first)).containsExactly("0-12");
        assertThat(memberships.of(user).grants().getFirst().outTradeNo()).isEqualTo(first.outTradeNo());
    }

    @Test
    void aNewPurchaseBeginsAtTheShortenedEndOrNow() {
        var user = club.someone();
        var first = granted(user, 30);
        take(Club.refund(first, "R1", 0, 1250), NOON);
        grant(user, 10, NOON);
        assertThat(lineOf(first)).containsExactly("0-15", "15-25");

        grant(user, 10, day(40));
        assertThat(lineOf(first)).containsExactly("0-15", "15-25", "40-50");
    }

    @Test
    void ofDaysThatAreAllUsedNothingIsTaken() {
        var payment = granted(club.someone(), 30);
        var refund = Club.refund(payment, "R1", 0, 2500);

        take(refund, day(31));
        assertThat(lineOf(payment)).containsExactly("0-30");
        assertThat(stateOf(payment)).isEqualTo(PurchaseState.REFUNDED);

        giveBack(refund, day(32));
        assertThat(lineOf(payment)).containsExactly("0-30");
        assertThat(stateOf(payment)).isEqualTo(PurchaseState.GRANTED);
    }

    @Test
    void ifAnEarlierPartFailsThePurchaseIsGrantedAgainAndCanBeEndedAgain() {
        var payment = granted(club.someone(), 30);
        var first = Club.refund(payment, "R1", 0, 1500);
        take(first, NOON);
        take(Club.refund(payment, "R2", 1500, 1000), NOON);
        assertThat(stateOf(payment)).isEqualTo(PurchaseState.REFUNDED);

        giveBack(first, NOON);
        assertThat(stateOf(payment)).isEqualTo(PurchaseState.GRANTED);
        assertThat(lineOf(payment)).containsExactly("0-18");

        take(Club.refund(payment, "R3", 1000, 1500), NOON);
        assertThat(stateOf(payment)).isEqualTo(PurchaseState.REFUNDED);
        assertThat(lineOf(payment)).isEmpty();
    }

    @Test
    void repeatsChangeNothingHoweverLate() {
        var payment = granted(club.someone(), 30);
        var refund = Club.refund(payment, "R1", 0, 1250);
        take(refund, day(10));
        take(refund, day(12));
        transaction.executeWithoutResult(status -> club.refundsAt(day(12)).settle(refund, day(12)));
        assertThat(told(refund, day(12))).isEqualTo(Money.fen(0));
        assertThat(lineOf(payment)).containsExactly("0-15");

        giveBack(refund, day(12));
        giveBack(refund, day(13));
        assertThat(take(refund, day(13))).isEqualTo(new Taking.Taken());
        assertThat(lineOf(payment)).containsExactly("0-30");
    }

    @Test
    void aRefundThatWeHearOfAfterwardsTakesWhatIsLeftAndSaysWhatIsMissing() {
        var payment = granted(club.someone(), 30);
        var refund = Club.refund(payment, "console-1", 0, 2500);

        assertThat(told(refund, day(20))).isEqualTo(Money.fen(1667));
        assertThat(told(refund, day(25))).isEqualTo(Money.fen(1667));
        assertThat(lineOf(payment)).containsExactly("0-20");
        assertThat(stateOf(payment)).isEqualTo(PurchaseState.REFUNDED);
        giveBack(refund, day(25));
        assertThat(stateOf(payment)).isEqualTo(PurchaseState.REFUNDED);
    }

    @Test
    void refundsThatWeHearOfTogetherShareWhatIsMissing() {
        var payment = granted(club.someone(), 30);

        assertThat(told(Club.refund(payment, "console-1", 1500, 1000), day(15))).isEqualTo(Money.fen(0));
        assertThat(told(Club.refund(payment, "console-2", 1000, 1500), day(15))).isEqualTo(Money.fen(1250));
        assertThat(stateOf(payment)).isEqualTo(PurchaseState.REFUNDED);
        assertThat(lineOf(payment)).containsExactly("0-15");
    }

    @Test
    void whenAllOfTheMoneyIsGoneElsewhereAFailedRefundDoesNotReviveThePurchase() {
        var payment = granted(club.someone(), 30);
        var ours = Club.refund(payment, "R1", 0, 1000);
        take(ours, day(10));
        assertThat(told(Club.refund(payment, "console-1", 0, 2500), day(10))).isEqualTo(Money.fen(1389));

        giveBack(ours, day(10));

        assertThat(stateOf(payment)).isEqualTo(PurchaseState.REFUNDED);
        assertThat(lineOf(payment)).containsExactly("0-10");
    }

    @Test
    void aRefundThatFailedAndWasPaidOutAllTheSameTakesAgain() {
        var payment = granted(club.someone(), 30);
        var refund = Club.refund(payment, "R1", 0, 2500);
        take(refund, day(10));
        giveBack(refund, day(10));

        assertThat(told(refund, day(11))).isEqualTo(Money.fen(917));
        assertThat(lineOf(payment)).containsExactly("0-11");
    }

    @Test
    void theRefundOfASecondPaymentTakesNothing() {
        var payment = granted(club.someone(), 30);
        var purchase = memberships.purchase(payment.reference());
        var surplus = Club.refund("P-another", purchase, "R1", 0, 2500);

        assertThat(club.refundsAt(NOON).preview(surplus))
                .isEqualTo(new Preview(
                        true, List.of(Line.of("refund.preview.membership-not-its-own", purchase.purchaseNo()))));
        take(surplus, NOON);
        giveBack(surplus, NOON);
        assertThat(told(surplus, NOON)).isEqualTo(Money.fen(0));
        assertThat(memberships.purchase(payment.reference())).isEqualTo(purchase);
        assertThat(lineOf(payment)).containsExactly("0-30");
    }

    @Test
    void thePreviewCountsDaysAndChangesNothing() {
        var payment = granted(club.someone(), 30);
        var user = payment.userId().value();

        assertThat(preview(Club.refund(payment, "R1", 0, 1250), day(10)))
                .containsExactly(
                        Line.of("refund.preview.days", 15, "VIP"),
                        Line.of("refund.preview.member-until", user, day(15)));
        assertThat(preview(Club.refund(payment, "R1", 0, 2500), day(10)))
                .containsExactly(
                        Line.of("refund.preview.days", 20, "VIP"),
                        Line.of("refund.preview.days-used", 10),
                        Line.of("refund.preview.member-no-more", user));
        assertThat(preview(Club.refund(payment, "R1", 0, 2500), day(30)))
                .containsExactly(
                        Line.of("refund.preview.no-days", "VIP"),
                        Line.of("refund.preview.days-used", 30),
                        Line.of("refund.preview.member-no-more", user));
        assertThat(lineOf(payment)).containsExactly("0-30");
        assertThat(stateOf(payment)).isEqualTo(PurchaseState.GRANTED);
    }

    @Test
    void refundsAndGrantsOfOneUserAtOnceMakeOneLine() throws Exception {
        for (int round = 0; round < 5; round++) {
            var user = club.someone();
            var refunded = granted(user, 30);
            var tasks = new ArrayList<Callable<Object>>();
            for (int i = 0; i < 4; i++) {
                tasks.add(() -> take(Club.refund(refunded, "R1", 0, 2500), NOON));
                var bought = club.paidInSilence(user, club.aPlan(10));
                tasks.add(() -> {
                    club.listenerAt(NOON).on(Club.confirmed(bought));
                    return bought;
                });
            }
            Collections.rotate(tasks, round);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (var task : threads.invokeAll(tasks)) {
                    task.get();
                }
            }
            assertThat(lineOf(refunded)).containsExactly("0-10", "10-20", "20-30", "30-40");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // of no refund, of more days than it took, of a member of whom nothing was taken, twice
                "3, 'TAKEN', 'R2', -5, '2026-03-25T12:00:00Z', '2026-03-20T12:00:00Z', :member",
                "3, 'TAKEN', 'R1', -5, '2026-03-25T12:00:00Z', '2026-03-20T12:00:00Z', :member",
                "3, 'TAKEN', 'R1', -15, '2026-03-25T12:00:00Z', '2026-03-10T12:00:00Z', :other",
                "3, 'TAKEN', 'R1', -15, '2026-03-25T12:00:00Z', '2026-03-10T12:00:00Z', :member",
                // given back before it failed
                "3, 'GIVEN_BACK', 'R1', 15, '2026-03-25T12:00:00Z', '2026-04-09T12:00:00Z', :member",
                // given instead of taken
                "3, 'TAKEN', 'R1', 0, '2026-03-25T12:00:00Z', '2026-03-25T11:00:00Z', :member",
                "3, 'TAKEN', 'R1', 15, '2026-03-25T12:00:00Z', '2026-04-09T12:00:00Z', :member",
                "3, 'GRANT', 'R1', 15, '2026-03-25T12:00:00Z', '2026-04-09T12:00:00Z', :member",
            })
    void theDatabaseRefusesEntriesThatNoRefundExplains(String entry) {
        var payment = granted(club.someone(), 30);
        var other = granted(club.someone(), 30);
        take(Club.refund(payment, "R1", 0, 1250), NOON);

        assertThatThrownBy(() -> jdbc.sql("""
                                INSERT INTO membership.membership_grant
                                  (seq, kind, refund_no, days, starts_at, ends_at, member_id, refund_of, refund_way,
                                   plan_code, plan_name, granted_at, previous_ends_at)
                                SELECT %s, :refundOf, 'ASKED', 'p', 'p', :now::timestamptz, '2026-03-25T12:00:00Z'
                                """.formatted(entry.replace("Z'", "Z'::timestamptz")))
                        .param("member", memberOf(payment))
                        .param("other", memberOf(other))
                        .param("refundOf", payment.outTradeNo())
                        .param("now", NOON.toString())
                        .update())
                .isInstanceOf(DataIntegrityViolationException.class);
        assertThat(lineOf(payment)).containsExactly("0-15");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE membership.refund SET days = 0 WHERE out_trade_no = :payment",
                "UPDATE membership.refund SET taken_at = now() WHERE out_trade_no = :payment",
                "DELETE FROM membership.refund WHERE out_trade_no = :payment",
                "UPDATE membership.purchase SET state = 'GRANTED' WHERE paid_by = :payment",
                "UPDATE membership.purchase SET state = 'AWAITING_PAYMENT' WHERE paid_by = :payment",
                // more than it gave
                "INSERT INTO membership.refund SELECT out_trade_no, 'R2', way, purchase_no, 1, 1, 0, now() FROM membership.refund WHERE out_trade_no = :payment",
                // more than is due
                "INSERT INTO membership.refund SELECT out_trade_no, 'R2', way, purchase_no, 1, 0, 1, now() FROM membership.refund WHERE out_trade_no = :payment",
                // of a payment that was not granted
                "INSERT INTO membership.refund SELECT 'P-another', 'R2', way, purchase_no, 1, 0, 0, now() FROM membership.refund WHERE out_trade_no = :payment",
            })
    void theDatabaseRefusesToChangeWhatARefundTook(String sql) {
        var payment = granted(club.someone(), 30);
        take(Club.refund(payment, "R1", 0, 2500), NOON);

        assertThatThrownBy(() ->
                        jdbc.sql(sql).param("payment", payment.outTradeNo()).update())
                .isInstanceOf(DataIntegrityViolationException.class);
        assertThat(stateOf(payment)).isEqualTo(PurchaseState.REFUNDED);
    }

    @Test
    void theDatabaseRefundsNoPurchaseWithoutARefund() {
        var payment = granted(club.someone(), 30);

        assertThatThrownBy(() -> jdbc.sql("UPDATE membership.purchase SET state = 'REFUNDED' WHERE paid_by = :payment")
                        .param("payment", payment.outTradeNo())
                        .update())
                .hasMessageContaining("cannot go from GRANTED to REFUNDED");
    }

    private Payment granted(UserId user, int days) {
        return grant(user, days, NOON);
    }

    private Payment grant(UserId user, int days, Instant now) {
        var payment = club.paidInSilence(user, club.aPlan(days));
        club.listenerAt(now).on(Club.confirmed(payment));
        return payment;
    }

    private Taking take(TakeBack refund, Instant now) {
        return transaction.execute(status -> club.refundsAt(now).take(refund));
    }

    private void giveBack(TakeBack refund, Instant now) {
        transaction.executeWithoutResult(status -> club.refundsAt(now).giveBack(refund, now));
    }

    private Money told(TakeBack refund, Instant now) {
        return transaction.execute(status -> club.refundsAt(now).takeWhatIsLeft(refund, now));
    }

    private List<Line> preview(TakeBack refund, Instant now) {
        var preview = club.refundsAt(now).preview(refund);
        assertThat(preview.possible()).isTrue();
        return preview.lines();
    }

    private PurchaseState stateOf(Payment payment) {
        return memberships.purchase(payment.reference()).state();
    }

    /** From which day to which each grant of the user lasts. */
    private List<String> lineOf(Payment payment) {
        return memberships.of(payment.userId()).grants().stream()
                .map(grant -> "%d-%d".formatted(number(grant.startsAt()), number(grant.expiresAt())))
                .toList();
    }

    private long memberOf(Payment payment) {
        return jdbc.sql("SELECT id FROM membership.member WHERE user_id = :user")
                .param("user", payment.userId().value())
                .query(Long.class)
                .single();
    }

    private static Instant day(int number) {
        return NOON.plus(Duration.ofDays(number));
    }

    private static long number(Instant moment) {
        return Duration.between(NOON, moment).toDays();
    }
}
