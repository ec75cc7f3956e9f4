package io.tallyhook.wallet.ledger;

import static io.tallyhook.wallet.ledger.Credits.newKey;
import static io.tallyhook.wallet.ledger.Credits.newUser;
import static io.tallyhook.wallet.ledger.Example.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.payment.UserId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Short checks of the ledger, each of which looks for the want of certain guards. All hold while every guard is there. */
final class Checks {

    private static final AtomicInteger STORIES = new AtomicInteger();

    /** As many as it takes for any mutation that is left to them, and some more. */
    private static final int ENOUGH = 100;

    private final Scratch scratch;

    Checks(Scratch scratch) {
        this.scratch = scratch;
    }

    void run(String check) throws Exception {
        switch (check) {
            case "stories" -> storiesGoAsTheModelSays();
            case "repeats" -> whatIsRepeatedIsAnsweredTheSame();
            case "ends" -> whatHasEndedOrIsOverStaysSo();
            case "races" -> racesEndWell();
            case "late" -> whatCommitsLateIsNotLeftOut();
            case "cents" -> centsAreCutExactly();
            case "nets" -> theSecondNetsHold();
            case "neighbours" -> nobodyTouchesHisNeighboursMoney();
            case "revenues" -> revenuesAreTakenBackAsTheyWereEarned();
            case "collected" -> noMoreGoesBackThanWasCollected();
            case "damage" -> damageSinceAMarkIsFound();
            case "journals" -> journalsAreWhole();
            default -> throw new IllegalArgumentException(check);
        }
    }

    /** Always the same stories. */
    private void storiesGoAsTheModelSays() throws Exception {
        var start = Instant.now().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1));
        try (var teller = scratch.teller()) {
            for (int i = 0; i < ENOUGH; i++) {
                var story = new Story(teller, scratch.clock, start, "M" + STORIES.incrementAndGet() + "X");
                var steps = new RandomSteps(new Random(i), story.model());
                for (int step = 0; step < Shelf.STEPS; step++) {
                    story.tell(steps.next());
                }
            }
        }
    }

    private void whatIsRepeatedIsAnsweredTheSame() throws Exception {
        var user = newUser();
        var keys = Stream.generate(Credits::newKey).limit(9).toList();
        var adjustments = Stream.generate(Example::newAdjustment).limit(2).toList();
        try (var teller = scratch.teller()) {
            for (boolean again : new boolean[] {false, true}) {
                assertThat(teller.recharge(keys.get(0), user, 1_000, 200, null).replayed())
                        .isEqualTo(again);
                for (var answer : List.of(
                        teller.spend(keys.get(1), user, 60, "GOODS"),
                        teller.giveBack(keys.get(2), user, keys.get(1), 60),
                        teller.hold(keys.get(3), user, 60, Duration.ofDays(1)),
                        teller.capture(keys.get(4), user, keys.get(3), 30L, "GOODS"),
                        teller.release(keys.get(5), user, keys.get(3)),
                        teller.refundRecharge(keys.get(6), user, keys.get(0), 100),
                        teller.settled(keys.get(6), user),
                        teller.refundRecharge(keys.get(7), user, keys.get(0), 100),
                        teller.failed(keys.get(7), user),
                        teller.adjust(adjustments.get(0), user, "GRANT_BONUS", 10, null, null),
                        teller.adjust(adjustments.get(1), user, "CHARGEBACK", 10, keys.get(0), null))) {
                    assertThat(answer).isInstanceOf(Answer.Posted.class);
                    assertThat(answer.replayed()).as("%s", answer).isEqualTo(again);
                }
            }
            assertThatThrownBy(() -> teller.spend(keys.get(1), user, 61, "GOODS"))
                    .isInstanceOf(RequestConflict.class);
        }
    }

    private void whatHasEndedOrIsOverStaysSo() throws Exception {
        var user = newUser();
        var keys = Stream.generate(Credits::newKey).limit(6).toList();
        scratch.clock.set(Instant.now().truncatedTo(ChronoUnit.SECONDS));
        try (var teller = scratch.teller()) {
            teller.recharge(keys.get(0), user, 100, 20, 1);
            teller.spend(keys.get(1), user, 12, "GOODS");
            teller.hold(keys.get(2), user, 12, Duration.ofDays(1));
            teller.refundRecharge(keys.get(3), user, keys.get(0), 10);
            scratch.clock.move(Duration.ofDays(1));
            assertThat(told(teller.capture(newKey(), user, keys.get(2), 1L, "GOODS")))
                    .isEqualTo("NOTHING_HELD");
            assertThat(told(teller.release(newKey(), user, keys.get(2)))).isEqualTo("10+2");
            assertThat(bonusOf(user, teller)).isZero();
            assertThat(told(teller.release(newKey(), user, keys.get(2)))).isEqualTo("NOTHING_HELD");
            assertThat(told(teller.giveBack(newKey(), user, keys.get(1), 12))).isEqualTo("10+2");
            assertThat(bonusOf(user, teller)).isZero();
            assertThat(told(teller.failed(keys.get(3), user))).isEqualTo("10+2");
            assertThat(bonusOf(user, teller)).isZero();
            assertThat(told(teller.settled(keys.get(3), user))).isEqualTo("RESOLVED_BEFORE");
            teller.spend(keys.get(4), user, 50, "GOODS");
            assertThat(told(teller.refundRecharge(newKey(), user, keys.get(0), 51)))
                    .isEqualTo("MORE_THAN_LEFT");
        }
    }

    private static long bonusOf(UserId user, Teller teller) {
        return new Auditor(teller.jdbc()).number("""
                SELECT b.credit - b.debit FROM wallet.owner o JOIN wallet.account_balance b USING (shard, owner_id)
                WHERE o.user_id = ? AND b.gl_code = '2204.11'""", user.value());
    }

    private void racesEndWell() throws Exception {
        var races = new Races(scratch);
        races.theSameMoneyIsSpentOnce();
        races.theSameKeyIsAnsweredOnceAndTheOtherIsARepeat();
        races.theSameKeyWithoutAWalletIsAnsweredOnceToo();
        races.aHoldIsReleasedOnce();
        races.aProposalIsApprovedOnce();
        races.aRechargeWaitsForASpend();
        races.aBatchLocksWalletsInOrder();
        races.aBatchClaimsKeysInOrder();
        races.aBatchOpensWalletsInOrder();
    }

    /** A booking that began before a roll-up and a block, and is committed after them. */
    private void whatCommitsLateIsNotLeftOut() throws Exception {
        var slow = newUser();
        try (var teller = scratch.teller();
                var late = scratch.tellerInTransaction()) {
            teller.recharge(newKey(), slow, 100, 20, null);
            late.spend(newKey(), slow, 60, "GOODS");
            teller.recharge(newKey(), newUser(), 100, 20, null);
            teller.rollUp();
            teller.seal();
            late.connection().commit();
            teller.sealEverything();
            var auditor = new Auditor(teller.jdbc());
            auditor.allIsSealedOnce();
            auditor.holds();
        }
    }

    private void centsAreCutExactly() throws Exception {
        var user = newUser();
        try (var teller = scratch.teller()) {
            // The principal's part is short of another cent by a twenty-billionth.
            teller.recharge(newKey(), user, 9_999_999_007L, 10_000_000_000L, null);
            assertThat(told(teller.spend(newKey(), user, 5_055_387_463L, "GOODS")))
                    .isEqualTo("2527693605+2527693858");
        }
    }

    /** What the functions under the operations refuse, should an operation ever ask for it. */
    private void theSecondNetsHold() throws Exception {
        var user = newUser();
        var hold = newKey();
        var recharge = newKey();
        try (var teller = scratch.teller()) {
            var auditor = new Auditor(teller.jdbc());
            teller.recharge(recharge, user, 100, 20, 10);
            teller.hold(hold, user, 60, Duration.ofDays(1));
            assertThatThrownBy(() -> auditor.lines(
                            "SELECT wallet.lower_hold(h, 51, 0)::text FROM wallet.hold h WHERE hold_no = ?", hold))
                    .hasMessageContaining("does not hold");
            assertThatThrownBy(() -> auditor.lines("""
                            SELECT wallet.post(shard, owner_id, nextval('wallet.journal_id'), 'SPEND', 'X', 'X', NULL, now(), now(), 'x', NULL,
                              ARRAY['2204.01', '2241.01', '1012.01'], ARRAY['', '', 'no/one'], ARRAY[2, -2, 5]::bigint[])::text
                            FROM wallet.owner WHERE user_id = ?""", user.value())).hasMessageContaining("lines but");
            var expire =
                    "SELECT wallet.expire(shard, lot_id, now() + interval '%s days')::text FROM wallet.wallet_lot WHERE request_key = ?";
            assertThat(auditor.lines(expire.formatted(9), recharge)).containsExactly("0");
            assertThat(auditor.lines(expire.formatted(11), recharge)).containsExactly("10");
            assertThat(auditor.lines(expire.formatted(11), recharge)).containsExactly("0");
        }
    }

    private void nobodyTouchesHisNeighboursMoney() throws Exception {
        var user = newUser();
        var neighbour = neighbourOf(user);
        var recharge = newKey();
        var spend = newKey();
        var hold = newKey();
        var refund = newKey();
        try (var teller = scratch.teller()) {
            teller.recharge(recharge, user, 1_000, 0, null);
            teller.recharge(newKey(), neighbour, 1_000, 0, null);
            teller.spend(spend, user, 100, "GOODS");
            teller.hold(hold, user, 100, Duration.ofDays(1));
            teller.refundRecharge(refund, user, recharge, 100);
            assertThat(told(teller.giveBack(newKey(), neighbour, spend, 1))).isEqualTo("MORE_THAN_SPENT");
            assertThat(told(teller.capture(newKey(), neighbour, hold, 1L, "GOODS")))
                    .isEqualTo("NOTHING_HELD");
            assertThat(told(teller.release(newKey(), neighbour, hold))).isEqualTo("NOTHING_HELD");
            assertThat(told(teller.refundRecharge(newKey(), neighbour, recharge, 1)))
                    .isEqualTo("MORE_THAN_LEFT");
            assertThat(told(teller.failed(refund, neighbour))).isEqualTo("NOTHING_DUE");
            assertThat(told(teller.adjust(Example.newAdjustment(), neighbour, "CHARGEBACK", 1, recharge, null)))
                    .isEqualTo("MORE_THAN_LEFT");
        }
    }

    /** Another user of the same shard. */
    private static UserId neighbourOf(UserId user) {
        for (int i = 0; ; i++) {
            var other = new UserId(user + "-neighbour-" + i);
            if (other.shard() == user.shard()) {
                return other;
            }
        }
    }

    private void revenuesAreTakenBackAsTheyWereEarned() throws Exception {
        var user = newUser();
        var hold = newKey();
        try (var teller = scratch.teller()) {
            teller.recharge(newKey(), user, 100, 0, null);
            teller.hold(hold, user, 100, Duration.ofDays(1));
            teller.capture(newKey(), user, hold, 60L, "GOODS");
            teller.capture(newKey(), user, hold, 40L, "VIP");
            var back = Example.posted(teller.giveBack(newKey(), user, hold, 30));
            assertThat(new Auditor(teller.jdbc()).linesOf(back.journalId())).contains("Dr 6001.02 30");
        }
    }

    private void noMoreGoesBackThanWasCollected() throws Exception {
        var user = newUser();
        var recharge = newKey();
        var spend = newKey();
        try (var teller = scratch.teller()) {
            teller.recharge(recharge, user, 100, 0, null);
            teller.spend(spend, user, 60, "GOODS");
            teller.adjust(Example.newAdjustment(), user, "CHARGEBACK", 90, recharge, null);
            teller.giveBack(newKey(), user, spend, 60);
            assertThat(told(teller.refundRecharge(newKey(), user, recharge, 11)))
                    .isEqualTo("MORE_THAN_LEFT");
            assertThat(told(teller.adjust(Example.newAdjustment(), user, "CHARGEBACK", 11, recharge, null)))
                    .isEqualTo("MORE_THAN_LEFT");
        }
    }

    private void damageSinceAMarkIsFound() throws Exception {
        var user = newUser();
        try (var teller = scratch.tellerInTransaction()) {
            var auditor = new Auditor(teller.jdbc());
            long mark = auditor.mark();
            teller.adjust(Example.newAdjustment(), user, "GRANT_BONUS", 5, null, null);
            assertThat(auditor.faultsSince(mark)).isEmpty();
            teller.jdbc()
                    .sql("ALTER TABLE wallet.wallet_lot DISABLE TRIGGER USER")
                    .update();
            teller.jdbc()
                    .sql(
                            "UPDATE wallet.wallet_lot SET bonus_left = 4 FROM wallet.owner o WHERE o.owner_id = wallet_lot.owner_id AND user_id = ?")
                    .param(user.value())
                    .update();
            assertThat(auditor.faultsSince(mark)).isNotEmpty();
            teller.connection().rollback();
        }
    }

    private void journalsAreWhole() throws Exception {
        var lines = "INSERT INTO wallet.posting (acct_date, shard, journal_id, line, account_id, amount) VALUES ";
        refused("does not balance", JOURNAL, lines + "(current_date, 7, -1, 1, 1, 5), (current_date, 7, -1, 2, 1, -4)");
        refused(
                "not written with it",
                JOURNAL,
                lines.replace("amount)", "amount, xid)")
                        + "(current_date, 7, -1, 1, 1, 5, 3), (current_date, 7, -1, 2, 1, -5, 3)");
        var old = JOURNAL.replace("journal_id,", "xid, journal_id,").replace("-1", "3, -1");
        refused(
                "not written with it",
                old,
                lines.replace("amount)", "amount, xid)")
                        + "(current_date, 7, -1, 1, 1, 5, 3), (current_date, 7, -1, 2, 1, -5, 3)");
        refused("not written with it", old, lines + "(current_date, 7, -1, 1, 1, 5), (current_date, 7, -1, 2, 1, -5)");
        var good = lines + "(current_date, 7, -1, 1, 1, 5), (current_date, 7, -1, 2, 1, -5)";
        refused(
                "are closed",
                "INSERT INTO wallet.accounting_period (month, state, closing_by, closing_at) VALUES (date_trunc('month', current_date), 'CLOSING', 'x', now())",
                JOURNAL,
                good);
        refused(
                "is stopped",
                "INSERT INTO wallet.stop (shard, invariant, subject, fault, stopped_at) VALUES (7, 'I1', 'x', 'x', now())",
                JOURNAL,
                good);
        refused("READ COMMITTED only", "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", JOURNAL, good);
    }

    private static final String JOURNAL = """
            INSERT INTO wallet.journal (acct_date, shard, journal_id, kind, request_key, reference, event_at, booked_at)
            VALUES (current_date, 7, -1, 'RECHARGE', 'K', 'R', now(), now())""";

    /** The last of these must be refused so; all are undone. */
    private void refused(String said, String... statements) throws Exception {
        try (var teller = scratch.tellerInTransaction();
                var statement = teller.connection().createStatement()) {
            for (int i = 0; i < statements.length - 1; i++) {
                statement.execute(statements[i]);
            }
            assertThatThrownBy(() -> statement.execute(statements[statements.length - 1]))
                    .hasMessageContaining(said);
        }
    }
}
