package io.tallyhook.wallet.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The chain holds every booking exactly once, whenever it was committed. */
@AuditTest
class SealingIntegrationTests {

    private final SealBlocks sealer;
    private final RollUp rollUp;
    private final Chain chain;
    private final Transactions transactions;
    private final Audit audit;
    private final Customers customers;
    private final JdbcClient jdbc;
    private final DataSource database;

    SealingIntegrationTests(
            SealBlocks sealer,
            RollUp rollUp,
            Chain chain,
            Transactions transactions,
            Audit audit,
            Customers customers,
            JdbcClient jdbc,
            DataSource database) {
        this.sealer = sealer;
        this.rollUp = rollUp;
        this.chain = chain;
        this.transactions = transactions;
        this.audit = audit;
        this.customers = customers;
        this.jdbc = jdbc;
        this.database = database;
    }

    @Test
    void nothingNewMakesNoBlock() {
        customers.with(100, 10);
        sealer.run();
        var head = chain.head();

        assertThat(sealer.run()).isEqualTo("0 blocks sealed");
        assertThat(chain.head()).isEqualTo(head);
        assertThat(head.sealedAt()).isNotNull();
        assertThat(head.sha256()).matches("[0-9a-f]{64}");
    }

    @Test
    void whatIsCommittedLateIsSealedInTheNextBlock() throws Exception {
        var early = customers.with(100, 10);
        sealer.run();
        var before = chain.head().block();

        try (var late = database.getConnection();
                var statement = late.createStatement()) {
            late.setAutoCommit(false);
            statement.execute(
                    "SELECT wallet.spend(%d::smallint, '%s', 'LATE', sha256('x'), 1, 'GOODS', 'LATE', 'PRO_RATA', now(), now())"
                            .formatted(early.shard(), early.value()));
            // Begun later, with a higher number, and finished earlier.
            customers.with(7, 7);
            sealer.run();
            assertThat(inBlocksAfter(before)).isZero();
            late.commit();
        }
        sealer.run();

        assertThat(inBlocksAfter(before)).isEqualTo(3);
        assertEveryBookingIsSealedOnce();
    }

    @Test
    void writersSealersAndTheRollUpAtTheSameTimeLoseNothing() throws Exception {
        var users = IntStream.range(0, 6)
                .mapToObj(i -> customers.with(10_000, 1_000))
                .toList();
        var writing = new AtomicBoolean(true);
        try (var threads = Executors.newFixedThreadPool(9)) {
            var writers = new ArrayList<Callable<Integer>>();
            for (var user : users) {
                writers.add(() -> {
                    for (int i = 0; i < 30; i++) {
                        customers.spend(user, i % 7 == 0 ? 1_000_000 : 1 + i);
                    }
                    return 0;
                });
            }
            var machinery = IntStream.range(0, 3)
                    .mapToObj(i -> threads.submit(() -> {
                        while (writing.get()) {
                            if (i == 2) {
                                rollUp.run();
                            } else {
                                sealer.run();
                            }
                        }
                    }))
                    .toList();
            for (var writer : threads.invokeAll(writers)) {
                writer.get();
            }
            writing.set(false);
            for (var machine : machinery) {
                machine.get();
            }
        }
        sealer.run();

        assertEveryBookingIsSealedOnce();
        assertThat(audit.prove().moved().invariants()).allMatch(invariant -> invariant.holds());
    }

    @Test
    void aBacklogIsSealedInBlocksOfABoundedSize() {
        IntStream.range(0, 10).forEach(i -> customers.with(100, 10));
        var before = chain.head().block();

        var told = sealerOf(4).run();

        assertThat(told).isEqualTo("%d blocks sealed".formatted(chain.head().block() - before));
        assertThat(chain.head().block() - before).isGreaterThanOrEqualTo(5);
        assertThat(jdbc.sql("SELECT max(entries) FROM wallet.block WHERE block_no > " + before)
                        .query(Long.class)
                        .single())
                .as("bookings and the wallets they opened")
                .isLessThanOrEqualTo(8);
        assertEveryBookingIsSealedOnce();
    }

    private SealBlocks sealerOf(int most) {
        var settings = Settings.sealingAtMost(most);
        return new SealBlocks(
                jdbc, transactions, new HeadLog(chain, settings, Clock.systemUTC()), settings, Clock.systemUTC());
    }

    private long inBlocksAfter(long block) {
        return jdbc.sql("SELECT coalesce(sum(journals), 0) FROM wallet.block WHERE block_no > " + block)
                .query(Long.class)
                .single();
    }

    private void assertEveryBookingIsSealedOnce() {
        assertThat(jdbc.sql("""
                        SELECT (SELECT count(*) FROM wallet.request) = count(*)
                               AND count(*) = count(DISTINCT number) AND bool_and(r.journal_id IS NOT NULL)
                        FROM (SELECT ('x' || encode(substring(leaves FROM 40 * n + 1 FOR 8), 'hex'))::bit(64)::bigint AS number
                              FROM wallet.block CROSS JOIN LATERAL generate_series(0, (entries - 1)::int) n) leaf
                        LEFT JOIN wallet.request r ON r.journal_id = number
                        WHERE number > 0
                        """).query(Boolean.class).single()).isTrue();
    }
}
