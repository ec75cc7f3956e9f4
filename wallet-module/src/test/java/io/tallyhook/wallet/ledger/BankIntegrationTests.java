package io.tallyhook.wallet.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import tallyhook.testing.Chaos;

/** Many writers on few wallets, while readers, the roll-up, the sealer, the expiry and the time go on. */
class BankIntegrationTests {

    private static final int WRITERS = 6;
    private static final int USERS = 4;

    private final StoppedClock clock = new StoppedClock(Instant.now());
    private final LedgerDatabase database = LedgerDatabase.fresh();
    private final Traffic traffic = new Traffic("bank", USERS);
    private final AtomicLong looks = new AtomicLong();

    @Test
    void whateverHappensAtTheSameTimeTheBooksHoldAtEveryMoment() throws Exception {
        long seed = Chaos.seed("Bank");
        var lasting = Chaos.lasting(Duration.ofSeconds(12));
        var until = Instant.now().plus(lasting);
        var tasks = new ArrayList<Future<?>>();
        try (var threads = Executors.newCachedThreadPool();
                var clerks = Executors.newScheduledThreadPool(6)) {
            for (int writer = 0; writer < WRITERS; writer++) {
                var random = new Random(seed + writer);
                tasks.add(threads.submit(during(until, teller -> traffic.ask(traffic.next(random), teller))));
            }
            var sums = again(clerks, 50, this::lookAtTheSums);
            var faults = again(clerks, 250, this::lookForFaults);
            var rollUp = again(clerks, 40, Teller::rollUp);
            var seal = again(clerks, 60, Teller::seal);
            var expiry = again(clerks, 300, teller -> {
                teller.expireBonuses(traffic.users());
                teller.releaseOverdue(traffic.users());
            });
            // Forty days go by in whatever time this lasts.
            var hour = lasting.toMillis() / 960 + 1;
            var time = clerks.scheduleAtFixedRate(
                    () -> clock.move(Duration.ofHours(1)), hour, hour, TimeUnit.MILLISECONDS);
            for (var task : tasks) {
                task.get();
            }
            for (var clerk : List.of(sums, faults, rollUp, seal, expiry, time)) {
                if (clerk.isDone()) {
                    clerk.get();
                }
                clerk.cancel(false);
            }
        }
        try (var teller = new Teller(database.connect(), clock)) {
            var books = new TrafficAudit(teller, traffic);
            System.out.printf("Bank: %s, looked at %,d times%n", books.figures(), looks.get());
            books.everythingHolds();
        }
        assertThat(looks).hasPositiveValue();
        database.drop();
    }

    private interface Work {
        void with(Teller teller);
    }

    private Callable<Void> during(Instant until, Work work) {
        return () -> {
            try (var teller = new Teller(database.connect(), clock)) {
                while (Instant.now().isBefore(until)) {
                    work.with(teller);
                }
            }
            return null;
        };
    }

    /** Does something again and again with a window of its own. Whatever is thrown ends it. */
    private Future<?> again(ScheduledExecutorService clerks, long millis, Work work) {
        var teller = new Teller(database.connect(), clock);
        return clerks.scheduleWithFixedDelay(() -> work.with(teller), millis, millis, TimeUnit.MILLISECONDS);
    }

    /** One statement, one snapshot: each shard balances, users own what the other accounts hold, and so says the roll-up. */
    private void lookAtTheSums(Teller teller) {
        assertThat(new Auditor(teller.jdbc()).lines("""
                        WITH code AS (
                          SELECT p.shard, a.gl_code, sum(p.amount) AS amount
                          FROM wallet.posting p JOIN wallet.account a USING (account_id) GROUP BY p.shard, a.gl_code
                        )
                        SELECT 'shard ' || shard || ' adds up to ' || sum(amount) FROM code GROUP BY shard HAVING sum(amount) <> 0
                        UNION ALL
                        SELECT 'users own ' || b.owned || ', the other accounts hold ' || c.held
                        FROM (SELECT coalesce(sum(credit - debit), 0) AS owned FROM wallet.account_balance
                              WHERE gl_code IN ('2204.01', '2204.02')) b,
                             (SELECT coalesce(sum(amount), 0) AS held FROM code WHERE gl_code NOT LIKE '2204.%') c
                        WHERE b.owned <> c.held
                        UNION ALL
                        SELECT 'turnover of ' || c.gl_code || ' is ' || t.amount || ' and not ' || c.amount
                        FROM (SELECT gl_code, sum(amount) AS amount FROM code GROUP BY gl_code) c
                        LEFT JOIN (SELECT gl_code, sum(debit - credit) AS amount FROM wallet.turnover GROUP BY gl_code) t USING (gl_code)
                        WHERE t.amount IS DISTINCT FROM c.amount
                        """)).isEmpty();
        looks.incrementAndGet();
    }

    private void lookForFaults(Teller teller) {
        new Auditor(teller.jdbc()).holds();
        looks.incrementAndGet();
    }
}
