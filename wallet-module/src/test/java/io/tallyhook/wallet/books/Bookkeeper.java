package io.tallyhook.wallet.books;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.ledger.Credit;
import io.tallyhook.wallet.ledger.Ledger;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Books for tests by the ledger's own operations: {@code books.spend(user, "S1", 40)} answers the journal. */
@TestComponent
class Bookkeeper {

    private static final AtomicInteger USERS = new AtomicInteger();
    private static final AtomicInteger KEYS = new AtomicInteger();

    private final Ledger ledger;
    private final TransactionTemplate transaction;
    private final JdbcClient jdbc;
    private final Clock clock;

    Bookkeeper(Ledger ledger, TransactionTemplate transaction, JdbcClient jdbc, Clock clock) {
        this.ledger = ledger;
        this.transaction = transaction;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    static UserId newUser() {
        return new UserId("reader-" + USERS.incrementAndGet());
    }

    static String newKey(String prefix) {
        return prefix + "-" + KEYS.incrementAndGet();
    }

    /** @return the journal, which is the lot too */
    long recharge(UserId user, String outTradeNo, long principal, long bonus) {
        return recharge(user, outTradeNo, principal, bonus, "bank", "main");
    }

    long recharge(UserId user, String outTradeNo, long principal, long bonus, String provider, String account) {
        var credit = new Credit(
                outTradeNo,
                "R-" + outTradeNo,
                user,
                Money.fen(principal),
                Money.fen(bonus),
                Optional.of(30),
                provider,
                account,
                now().minusSeconds(60));
        return transaction.execute(
                status -> ledger.credit(List.of(credit)).getFirst().journalId());
    }

    long spend(UserId user, String key, long amount) {
        return journal(
                "wallet.spend(:shard, :user, :key, :sha, :amount, 'GOODS', 'O-' || :key, 'PRO_RATA', :now, :now)",
                user,
                key,
                amount,
                "");
    }

    long hold(UserId user, String key, long amount) {
        return journal("""
                wallet.hold(:shard, :user, :key, :sha, :amount, 'for ' || :key, 'PRO_RATA',
                            CAST(:now AS timestamptz) + interval '1 day', :now, 'shop')""", user, key, amount, "");
    }

    long capture(UserId user, String key, String hold, long amount) {
        return journal(
                "wallet.capture(:shard, :user, :key, :sha, :about, :amount, 'GOODS', :now, 'shop')",
                user,
                key,
                amount,
                hold);
    }

    long release(UserId user, String key, String hold) {
        return journal(
                "wallet.release(:shard, :user, :key, :sha, :about, :now, 'shop', CAST(:amount AS text))",
                user,
                key,
                0,
                hold);
    }

    long refundSpend(UserId user, String key, String spend, long amount) {
        return journal(
                "wallet.refund_spend(:shard, :user, :key, :sha, :about, :amount, :now, 'mei', 'returned')",
                user,
                key,
                amount,
                spend);
    }

    long refundRecharge(UserId user, String key, String outTradeNo, long amount) {
        return journal(
                "wallet.refund_recharge(:shard, :user, :key, :sha, :about, :amount, :now, 'mei', 'asked for')",
                user,
                key,
                amount,
                outTradeNo);
    }

    /** Ends a refund that was asked for under the same key. */
    long endRefund(UserId user, String key, boolean paidOut) {
        return journal(
                "wallet.end_refund(:shard, :user, :key, :sha, :about = 'paid out', :now, :now) -- :amount",
                user,
                key,
                0,
                paidOut ? "paid out" : "failed");
    }

    /** Seals what is finished; nobody else does in these tests. */
    void seal() {
        jdbc.sql("SELECT wallet.seal(now())")
                .query((row, number) -> row.getLong(1))
                .single();
    }

    void rollUp() {
        jdbc.sql("SELECT wallet.roll_up(now())").query(Long.class).single();
    }

    /** When a journal was booked, to the microsecond. */
    Instant bookedAt(long journalId) {
        return jdbc.sql("SELECT booked_at FROM wallet.journal WHERE journal_id = :id")
                .param("id", journalId)
                .query((row, number) -> row.getTimestamp(1).toInstant())
                .single();
    }

    private long journal(String call, UserId user, String key, long amount, String about) {
        return jdbc.sql("SELECT outcome, journal_id FROM " + call)
                .param("shard", (short) user.shard())
                .param("user", user.value())
                .param("key", key)
                .param("sha", new byte[32])
                .param("amount", amount)
                .param("about", about)
                .param("now", Timestamp.from(now()))
                .query((row, number) -> {
                    if (!row.getString("outcome").equals("POSTED")) {
                        throw new IllegalStateException(key + " was answered " + row.getString("outcome"));
                    }
                    return row.getLong("journal_id");
                })
                .single();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
