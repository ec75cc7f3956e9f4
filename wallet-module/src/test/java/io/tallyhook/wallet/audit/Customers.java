package io.tallyhook.wallet.audit;

import io.tallyhook.payment.UserId;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Moves money in tests by the ledger's own functions: {@code customers.granted(user, 100)}. */
@TestComponent
public class Customers {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final JdbcClient jdbc;
    private final Clock clock;

    Customers(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    public UserId newUser() {
        return new UserId("customer-" + NUMBER.incrementAndGet());
    }

    /** A user with so much principal and bonus, which two persons have agreed on. */
    public UserId with(long principal, long bonus) {
        var user = newUser();
        grant(user, "GRANT_PRINCIPAL", principal, null, clock.instant());
        grant(user, "GRANT_BONUS", bonus, clock.instant().plusSeconds(86_400), clock.instant());
        return user;
    }

    /** A user with so much principal whose rows lie in this shard. */
    public UserId withInShard(int shard, long principal) {
        var user = newUser();
        while (user.shard() != shard) {
            user = newUser();
        }
        grant(user, "GRANT_PRINCIPAL", principal, null, clock.instant());
        return user;
    }

    /** Grants at some time, also in the past. @return the journal */
    public long grant(UserId user, String kind, long amount, @Nullable Instant bonusExpiresAt, Instant now) {
        var number = "A%026d".formatted(NUMBER.incrementAndGet());
        jdbc.sql("""
                        INSERT INTO wallet.adjustment
                          (adjustment_no, kind, user_id, shard, amount, bonus_expires_at, reason, proposed_by, proposed_at)
                        VALUES (:number, :kind, :user, :shard, :amount, :expires, 'for a test', 'ada', :now)
                        """)
                .param("number", number)
                .param("kind", kind)
                .param("user", user.value())
                .param("shard", user.shard())
                .param("amount", amount)
                .param("expires", bonusExpiresAt == null ? null : Timestamp.from(bonusExpiresAt))
                .param("now", Timestamp.from(now))
                .update();
        return jdbc.sql("SELECT (wallet.approve(:number, sha256(:number::bytea), 'bob', 'fine', :now)).journal_id")
                .param("number", number)
                .param("now", Timestamp.from(now))
                .query(Long.class)
                .single();
    }

    /** @return what the ledger answered */
    public String spend(UserId user, long amount) {
        return spend(user, amount, clock.instant());
    }

    public String spend(UserId user, long amount, Instant now) {
        return ask(
                "spend(:shard::smallint, :user, :key, :sha, :amount, 'GOODS', :key, 'PRO_RATA', :now, :now)",
                user,
                "S" + NUMBER.incrementAndGet(),
                amount,
                now);
    }

    /** Sets money aside until then. @return the hold's number */
    public String hold(UserId user, long amount, Instant until) {
        var holdNo = "H" + NUMBER.incrementAndGet();
        ask(
                "hold(:shard::smallint, :user, :key, :sha, :amount, :key, 'PRO_RATA', '%s', :now, 'ada')"
                        .formatted(until),
                user,
                holdNo,
                amount,
                clock.instant());
        return holdNo;
    }

    public String capture(UserId user, String holdNo, long amount) {
        return ask(
                "capture(:shard::smallint, :user, :key, :sha, '%s', :amount, 'GOODS', :now, 'ada')".formatted(holdNo),
                user,
                "C" + NUMBER.incrementAndGet(),
                amount,
                clock.instant());
    }

    private String ask(String call, UserId user, String key, long amount, Instant now) {
        return jdbc.sql("SELECT (wallet.%s).outcome".formatted(call))
                .param("shard", user.shard())
                .param("user", user.value())
                .param("key", key)
                .param("sha", new byte[32])
                .param("amount", amount)
                .param("now", Timestamp.from(now))
                .query(String.class)
                .single();
    }
}
