package io.tallyhook.wallet.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.ledger.Answer.Declined;
import io.tallyhook.wallet.ledger.Answer.Posted;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One user's wallet in one test, empty at first. After the test all books must hold. */
final class Example implements AfterEachCallback {

    private static final LedgerDatabase DATABASE = LedgerDatabase.freshAndHasty();

    final UserId user = Credits.newUser();
    final StoppedClock clock = new StoppedClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));
    final Teller teller = new Teller(DATABASE.connect(), clock);
    final Auditor audit = new Auditor(teller.jdbc());

    /** A further window, for what happens at the same time. */
    Teller anotherTeller() {
        return new Teller(DATABASE.connect(), clock);
    }

    String recharged(long principal, long bonus) {
        return recharged(principal, bonus, null);
    }

    String recharged(long principal, long bonus, @Nullable Integer bonusForDays) {
        var key = Credits.newKey();
        teller.recharge(key, user, principal, bonus, bonusForDays);
        return key;
    }

    /** Spends for goods. Answers the key. */
    String spent(long amount) {
        var key = Credits.newKey();
        posted(teller.spend(key, user, amount, "GOODS"));
        return key;
    }

    Answer spend(long amount) {
        return teller.spend(Credits.newKey(), user, amount, "GOODS");
    }

    Answer giveBack(String spent, long amount) {
        return teller.giveBack(Credits.newKey(), user, spent, amount);
    }

    /** Sets aside for a day. Answers the number of the hold. */
    String held(long amount) {
        var holdNo = Credits.newKey();
        posted(teller.hold(holdNo, user, amount, Duration.ofDays(1)));
        return holdNo;
    }

    Answer capture(String holdNo, @Nullable Long amount) {
        return teller.capture(Credits.newKey(), user, holdNo, amount, "GOODS");
    }

    Answer release(String holdNo) {
        return teller.release(Credits.newKey(), user, holdNo);
    }

    Answer refund(String rechargeKey, long amount) {
        return teller.refundRecharge(Credits.newKey(), user, rechargeKey, amount);
    }

    Answer chargeBack(String rechargeKey, long amount) {
        return teller.adjust(newAdjustment(), user, "CHARGEBACK", amount, rechargeKey, null);
    }

    Answer adjust(String kind, long amount) {
        return teller.adjust(newAdjustment(), user, kind, amount, null, null);
    }

    static String newAdjustment() {
        return Teller.adjustmentNo(Credits.newKey().replace("-", ""));
    }

    void daysPass(int days) {
        clock.move(Duration.ofDays(days));
    }

    void expiryRuns() {
        teller.expireBonuses(List.of(user));
    }

    /** Available principal and bonus. */
    String has() {
        return parts("2204.01", "2204.11");
    }

    /** Held principal and bonus. */
    String holds() {
        return parts("2204.02", "2204.12");
    }

    long owes() {
        return -balance("1221.01");
    }

    /** What is left of each lot, oldest first. */
    List<String> lots() {
        return audit.lines("""
                        SELECT l.principal_left || '+' || l.bonus_left
                        FROM wallet.wallet_lot l JOIN wallet.owner o ON o.shard = l.shard AND o.owner_id = l.owner_id
                        WHERE o.user_id = ? ORDER BY l.lot_id
                        """, user.value());
    }

    /** All lines of the journals of this kind in which the wallet took part, in order. */
    List<String> booked(String kind) {
        return audit.lines("""
                        SELECT DISTINCT j.journal_id
                        FROM wallet.owner o
                        JOIN wallet.account a ON a.shard = o.shard AND a.owner_id = o.owner_id
                        JOIN wallet.posting p ON p.account_id = a.account_id
                        JOIN wallet.journal j ON j.shard = p.shard AND j.journal_id = p.journal_id
                        WHERE o.user_id = ? AND j.kind = ? ORDER BY 1
                        """, user.value(), kind).stream()
                .flatMap(journal -> audit.linesOf(Long.parseLong(journal)).stream())
                .toList();
    }

    List<String> linesOf(Answer answer) {
        return audit.linesOf(posted(answer).journalId());
    }

    static Posted posted(Answer answer) {
        assertThat(answer).isInstanceOf(Posted.class);
        return (Posted) answer;
    }

    /** What moved, as principal and bonus; or why nothing did. */
    static String told(Answer answer) {
        return switch (answer) {
            case Posted it ->
                it.principal().minorUnits() + "+" + it.bonus().minorUnits() + (it.replayed() ? " again" : "");
            case Declined it -> it.reason() + (it.replayed() ? " again" : "");
        };
    }

    private String parts(String principal, String bonus) {
        return balance(principal) + "+" + balance(bonus);
    }

    private long balance(String code) {
        return audit.number("""
                        SELECT coalesce(sum(b.credit - b.debit), 0)
                        FROM wallet.owner o JOIN wallet.account_balance b ON b.shard = o.shard AND b.owner_id = o.owner_id
                        WHERE o.user_id = ? AND b.gl_code = ?
                        """, user.value(), code);
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        audit.holds();
        teller.close();
    }
}
