package io.tallyhook.admin;

import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.audit.Audit;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Moves money at any time, and damages what it moved, behind the ledger's back. */
@TestConfiguration(proxyBeanMethods = false)
class BookDamage {

    private static final ZoneId BEIJING = ZoneId.of("Asia/Shanghai");
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final JdbcClient jdbc;
    private final Audit audit;
    private final Clock clock;

    BookDamage(JdbcClient jdbc, Audit audit, Clock clock) {
        this.jdbc = jdbc;
        this.audit = audit;
        this.clock = clock;
    }

    YearMonth monthAgo(int months) {
        return YearMonth.from(clock.instant().atZone(BEIJING)).minusMonths(months);
    }

    /** Two persons grant a user something in the middle of this month, and he spends half of it. */
    UserId grantedIn(YearMonth month, long fen) {
        jdbc.sql("SELECT wallet.make_partitions(?::date, 1)")
                .param(month.atDay(1).toString())
                .query(Integer.class)
                .single();
        return granted(fen, month.atDay(15).atTime(12, 0).atZone(BEIJING).toInstant());
    }

    UserId granted(long fen) {
        return granted(fen, clock.instant());
    }

    private UserId granted(long fen, Instant at) {
        var user = new UserId("ledger-page-" + NUMBER.incrementAndGet());
        var number = "A9%024d0".formatted(NUMBER.incrementAndGet());
        var now = DateTimeFormatter.ISO_INSTANT.format(at);
        jdbc.sql("""
                        INSERT INTO wallet.adjustment (adjustment_no, kind, user_id, shard, amount, reason, proposed_by, proposed_at)
                        VALUES (:number, 'GRANT_PRINCIPAL', :user, :shard, :amount, 'for a test', 'ada', :now::timestamptz)
                        """)
                .param("number", number)
                .param("user", user.value())
                .param("shard", user.shard())
                .param("amount", fen)
                .param("now", now)
                .update();
        jdbc.sql("SELECT (wallet.approve(:number, sha256('x'), 'bob', 'fine', :now::timestamptz)).state")
                .param("number", number)
                .param("now", now)
                .query(String.class)
                .single();
        jdbc.sql("""
                        SELECT (wallet.spend(:shard::smallint, :user, :number, sha256('x'), :half, 'GOODS', :number, 'PRO_RATA',
                                             :now::timestamptz, :now::timestamptz)).outcome
                        """)
                .param("shard", user.shard())
                .param("user", user.value())
                .param("number", number)
                .param("half", fen / 2)
                .param("now", now)
                .query(String.class)
                .single();
        return user;
    }

    /** What is left of his lot is one fen more than was booked; the ledger is checked. */
    void damage(UserId user) {
        change(user, "+ 1");
        audit.prove();
    }

    void repair(UserId user) {
        change(user, "- 1");
        audit.prove();
    }

    private void change(UserId user, String by) {
        jdbc.sql("UPDATE wallet.wallet_lot SET principal_left = principal_left %s".formatted(by)
                        + " WHERE owner_id = (SELECT owner_id FROM wallet.owner WHERE user_id = ?)")
                .param(user.value())
                .update();
    }

    /** Seals what was booked, as the sealer does. */
    void seal() {
        jdbc.sql("SELECT wallet.seal(now())").query(Long.class).optional();
    }

    /** Lets the last step of a closing be due now, and waits for nobody. */
    void closeBySql(YearMonth month, String person) {
        jdbc.sql(
                        "INSERT INTO wallet.accounting_period (month, state, closing_by, closing_at) VALUES (?::date, 'CLOSING', ?, now())")
                .params(month.atDay(1).toString(), person)
                .update();
        jdbc.sql("UPDATE wallet.accounting_period SET horizon_xid = pg_current_xact_id()::text::bigint"
                        + " WHERE month = ?::date")
                .param(month.atDay(1).toString())
                .update();
        jdbc.sql("""
                        UPDATE wallet.accounting_period p
                        SET state = 'CLOSED', closed_at = now(), sha256 = sha256('x'), block_no = 0, debit = t.debit, credit = t.debit
                        FROM (SELECT coalesce(sum(debit), 0) AS debit FROM wallet.turnover
                              WHERE date_trunc('month', acct_date::timestamp)::date = ?::date) t
                        WHERE month = ?::date
                        """)
                .params(month.atDay(1).toString(), month.atDay(1).toString())
                .update();
    }
}
