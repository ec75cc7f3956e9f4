package io.tallyhook.wallet.ledger;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.UserId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Serves wallets at one window: everything that can be done with them, on one connection, each in a transaction of its own
 * unless the caller has begun one, by a clock that the caller sets. Amounts are in fen.
 */
final class Teller implements AutoCloseable {

    static final String ACTOR = "api:shop";

    private static final String ADJUST =
            "wallet.adjust(:shard::smallint, :userId, :key, :sha256, :kind, :amount, :expiresAt::timestamptz, :now, 'bob', NULL)";
    private static final Map<String, String> CALL_OF = Map.of(
            "CHARGEBACK",
            "wallet.charge_back(:shard::smallint, :userId, :key, :sha256, :subject, :amount, :now, 'bob', NULL)",
            "SPEND_REFUND",
            "wallet.refund_spend(:shard::smallint, :userId, :key, :sha256, :subject, :amount, :now, 'bob', NULL)");
    private static final String APPROVE = """
            (SELECT x.outcome, x.journal_id, x.principal, x.bonus, before.state <> 'PROPOSED' AS replayed
             FROM (SELECT * FROM wallet.adjustment WHERE adjustment_no = :key FOR NO KEY UPDATE) before
             CROSS JOIN LATERAL wallet.approve(before.adjustment_no, :sha256, 'bob', 'checked', :now) a
             CROSS JOIN LATERAL wallet.answered(a.shard,
               CASE WHEN a.kind IN ('CHARGEBACK', 'SPEND_REFUND') THEN a.kind ELSE 'ADJUSTMENT' END, a.adjustment_no, :sha256) x) answer""";

    private final Connection connection;
    private final JdbcClient jdbc;
    private final Clock clock;
    private final TransactionTemplate transaction;
    private final Ledger ledger;
    private final WalletOperations operations;
    private final RechargeRefunds refunds;
    private DrawDown policy = DrawDown.PRO_RATA;

    Teller(Connection connection, Clock clock) {
        this.connection = connection;
        this.clock = clock;
        var source = new SingleConnectionDataSource(connection, true);
        this.jdbc = JdbcClient.create(source);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(source));
        this.ledger = new Ledger(jdbc, clock);
        this.operations = new WalletOperations(jdbc, clock);
        this.refunds = new RechargeRefunds(operations);
    }

    Teller under(DrawDown drawDown) {
        this.policy = drawDown;
        return this;
    }

    JdbcClient jdbc() {
        return jdbc;
    }

    Connection connection() {
        return connection;
    }

    /** @param bonusFor how long the bonus can be spent; null: for ever */
    static Credit credit(
            String key, UserId user, long principal, long bonus, @Nullable Integer bonusFor, String channel) {
        var parts = channel.split("/", -1);
        return new Credit(
                key,
                "R-" + key,
                user,
                Money.fen(principal),
                Money.fen(bonus),
                Optional.ofNullable(bonusFor),
                parts[0],
                parts[1],
                Instant.parse("2026-11-22T15:59:59Z"));
    }

    Booked recharge(String key, UserId user, long principal, long bonus, @Nullable Integer bonusFor) {
        return recharge(List.of(credit(key, user, principal, bonus, bonusFor, "wechat/main")))
                .getFirst();
    }

    List<Booked> recharge(List<Credit> batch) {
        return transaction.execute(status -> ledger.credit(batch));
    }

    Answer spend(String key, UserId user, long amount, String purpose) {
        return new Spending(operations, new SpendingSettings(policy))
                .spend(new Spending.Spend(key, user, Money.fen(amount), purpose, "O-" + key, clock.instant()));
    }

    Answer giveBack(String key, UserId user, String spent, long amount) {
        return new Spending(operations, new SpendingSettings(policy))
                .giveBack(new Spending.GiveBack(key, user, spent, Money.fen(amount), ACTOR, "returned"));
    }

    Answer hold(String holdNo, UserId user, long amount, Duration lasting) {
        return holding()
                .hold(
                        holdNo,
                        user,
                        Money.fen(amount),
                        "O-" + holdNo,
                        clock.instant().plus(lasting),
                        ACTOR);
    }

    /** @param amount null: all that is left */
    Answer capture(String key, UserId user, String holdNo, @Nullable Long amount, String purpose) {
        return holding().capture(key, user, holdNo, Optional.ofNullable(amount).map(Money::fen), purpose, ACTOR);
    }

    Answer release(String key, UserId user, String holdNo) {
        return holding().release(key, user, holdNo, ACTOR, "not needed");
    }

    Answer refundRecharge(String key, UserId user, String rechargeKey, long amount) {
        return refunds.take(key, user, rechargeKey, Money.fen(amount), ACTOR, "asked for");
    }

    Answer settled(String key, UserId user) {
        return refunds.settled(key, user, clock.instant());
    }

    Answer failed(String key, UserId user) {
        return refunds.failed(key, user, clock.instant());
    }

    /** What two persons do: one proposes, another approves; or what a repeat of it is answered. */
    Answer adjust(
            String number,
            UserId user,
            String kind,
            long amount,
            @Nullable String subject,
            @Nullable Instant expiresAt) {
        var terms = new HashMap<String, @Nullable Object>();
        terms.put("kind", kind);
        terms.put("amount", amount);
        terms.put("subject", subject);
        terms.put("expiresAt", expiresAt == null ? null : expiresAt.toString());
        var sha256 = RequestHash.of(number, user, new TreeMap<>(terms));
        return isDecided(number)
                ? operations.ask(CALL_OF.getOrDefault(kind, ADJUST), number, user, sha256, terms)
                : approved(number, user, sha256, terms);
    }

    private boolean isDecided(String number) {
        return !jdbc.sql("SELECT FROM wallet.adjustment WHERE adjustment_no = ? AND state <> 'PROPOSED'")
                .param(number)
                .query((row, n) -> number)
                .list()
                .isEmpty();
    }

    private Answer approved(String number, UserId user, byte[] sha256, Map<String, @Nullable Object> terms) {
        propose(number, user, terms);
        return operations.ask(APPROVE, number, user, sha256, Map.of());
    }

    /** What the first person does. */
    void propose(String number, UserId user, String kind, long amount) {
        var terms = new HashMap<String, @Nullable Object>();
        terms.put("kind", kind);
        terms.put("amount", amount);
        terms.put("subject", null);
        terms.put("expiresAt", null);
        propose(number, user, terms);
    }

    private void propose(String number, UserId user, Map<String, @Nullable Object> terms) {
        jdbc.sql("""
                        INSERT INTO wallet.adjustment
                          (adjustment_no, kind, user_id, shard, amount, subject, bonus_expires_at, reason, proposed_by, proposed_at)
                        VALUES (:number, :kind, :user, :shard, :amount, :subject, :expiresAt::timestamptz, 'as agreed', 'ann', :now)
                        ON CONFLICT DO NOTHING
                        """)
                .params(terms)
                .param("number", number)
                .param("user", user.value())
                .param("shard", user.shard())
                .param("now", now())
                .update();
    }

    /** What the second person does. Answers the state of the proposal. */
    String approve(String number) {
        return jdbc.sql("SELECT state FROM wallet.approve(?, sha256(convert_to(?, 'UTF8')), 'bob', 'checked', ?)")
                .params(number, number, now())
                .query((row, n) -> row.getString(1))
                .single();
    }

    /** What the job of every minute does with these wallets: bonuses whose time has come expire. Answers how much that was. */
    long expireBonuses(List<UserId> users) {
        record Due(int shard, long lotId) {}
        return jdbc
                .sql("""
                        SELECT l.shard, l.lot_id
                        FROM wallet.owner o JOIN wallet.wallet_lot l ON l.shard = o.shard AND l.owner_id = o.owner_id
                        WHERE o.user_id = ANY (:users) AND l.bonus_left > 0 AND l.expires_at <= :now ORDER BY l.lot_id
                        """)
                .param("users", names(users))
                .param("now", now())
                .query((row, n) -> new Due(row.getInt(1), row.getLong(2)))
                .list()
                .stream()
                .mapToLong(due -> expire(due.shard(), due.lotId()))
                .sum();
    }

    /** One wallet, one transaction: whoever locks several at once must do so in everybody's order. */
    private long expire(int shard, long lotId) {
        return jdbc.sql("SELECT wallet.expire(?::smallint, ?, ?)")
                .params(shard, lotId, now())
                .query((row, n) -> row.getLong(1))
                .single();
    }

    /** What the other job does: holds whose time is over are released. Answers the numbers of those that were. */
    List<String> releaseOverdue(List<UserId> users) {
        var due = jdbc.sql("""
                        SELECT o.user_id, h.hold_no
                        FROM wallet.owner o JOIN wallet.hold h ON h.shard = o.shard AND h.owner_id = o.owner_id
                        WHERE o.user_id = ANY (:users) AND h.expires_at <= :now AND (h.principal_left > 0 OR h.bonus_left > 0)
                        ORDER BY h.hold_id
                        """)
                .param("users", names(users))
                .param("now", now())
                .query((row, n) -> Map.entry(new UserId(row.getString(1)), row.getString(2)))
                .list();
        due.forEach(hold ->
                holding().release("T-" + hold.getValue(), hold.getKey(), hold.getValue(), "system", "time is over"));
        return due.stream().map(Map.Entry::getValue).toList();
    }

    long rollUp() {
        return jdbc.sql("SELECT wallet.roll_up(?)")
                .param(now())
                .query((row, n) -> row.getLong(1))
                .single();
    }

    /** Seals all that is finished. */
    void seal() {
        long block;
        do {
            block = jdbc.sql("SELECT coalesce(wallet.seal(?, 5000), 0)")
                    .param(now())
                    .query((row, n) -> row.getLong(1))
                    .single();
        } while (block > 0);
    }

    /** The same for all that is finished by now. A transaction of another database of the server can hold that up for a moment. */
    void sealEverything() {
        long finished = xid("xmax");
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> xid("xmin") >= finished);
        rollUp();
        seal();
    }

    private long xid(String edge) {
        return jdbc.sql("SELECT pg_snapshot_%s(pg_current_snapshot())::text::bigint".formatted(edge))
                .query((row, n) -> row.getLong(1))
                .single();
    }

    /** A whole number of an adjustment from a short name. */
    static String adjustmentNo(String name) {
        return "A" + "0".repeat(26 - name.length()) + name.toUpperCase(Locale.ROOT);
    }

    private Holding holding() {
        return new Holding(operations, new SpendingSettings(policy));
    }

    private Timestamp now() {
        return Timestamp.from(clock.instant());
    }

    private static String[] names(List<UserId> users) {
        return users.stream().map(UserId::value).toArray(String[]::new);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
