package io.tallyhook.wallet.ledger;

import static io.tallyhook.wallet.ledger.Credits.newKey;
import static io.tallyhook.wallet.ledger.Credits.newUser;
import static io.tallyhook.wallet.ledger.Example.told;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.UserId;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.awaitility.Awaitility;

/** What happens when two do something at the same moment, made to happen in a certain order. */
final class Races {

    private final Scratch scratch;

    Races(Scratch scratch) {
        this.scratch = scratch;
    }

    void theSameMoneyIsSpentOnce() throws Exception {
        var user = userWith(100);
        assertThat(secondAfter(
                        teller -> told(teller.spend(newKey(), user, 60, "GOODS")),
                        teller -> told(teller.spend(newKey(), user, 60, "GOODS"))))
                .isEqualTo("INSUFFICIENT_BALANCE");
    }

    void theSameKeyIsAnsweredOnceAndTheOtherIsARepeat() throws Exception {
        var user = userWith(100);
        var key = newKey();
        assertThat(secondAfter(
                        teller -> told(teller.spend(key, user, 30, "GOODS")),
                        teller -> told(teller.spend(key, user, 30, "GOODS"))))
                .isEqualTo("30+0 again");
    }

    void theSameKeyWithoutAWalletIsAnsweredOnceToo() throws Exception {
        var user = newUser();
        var key = newKey();
        assertThat(secondAfter(
                        teller -> told(teller.release(key, user, "NONE")),
                        teller -> told(teller.release(key, user, "NONE"))))
                .isEqualTo("NOTHING_HELD again");
    }

    void aHoldIsReleasedOnce() throws Exception {
        var user = userWith(100);
        var hold = newKey();
        try (var teller = scratch.teller()) {
            teller.hold(hold, user, 60, Duration.ofDays(1));
        }
        assertThat(secondAfter(
                        teller -> told(teller.release(newKey(), user, hold)),
                        teller -> told(teller.release(newKey(), user, hold))))
                .isEqualTo("NOTHING_HELD");
    }

    void aProposalIsApprovedOnce() throws Exception {
        var user = userWith(100);
        var number = Example.newAdjustment();
        try (var teller = scratch.teller()) {
            teller.propose(number, user, "TAKE_PRINCIPAL", 30);
        }
        assertThat(secondAfter(teller -> teller.approve(number), teller -> teller.approve(number)))
                .isEqualTo("BOOKED");
        try (var teller = scratch.teller()) {
            assertThat(teller.approve(number)).isEqualTo("BOOKED");
        }
    }

    void aRechargeWaitsForASpend() throws Exception {
        var user = userWith(100);
        assertThat(secondAfter(teller -> told(teller.spend(newKey(), user, 60, "GOODS")), teller -> {
                    teller.recharge(newKey(), user, 10, 0, null);
                    return told(teller.spend(newKey(), user, 50, "GOODS"));
                }))
                .isEqualTo("50+0");
    }

    /** Two batches never wait in a ring, because both take everything in the same order: what is first, first. */
    void aBatchLocksWalletsInOrder() throws Exception {
        var first = userWith(1);
        var second = userWith(1);
        var inOrder = first.shard() < second.shard() ? List.of(first, second) : List.of(second, first);
        var lock = "SELECT FROM wallet.account_balance WHERE gl_code = '2204.01' AND owner_id = "
                + "(SELECT owner_id FROM wallet.owner WHERE user_id = '%s') FOR NO KEY UPDATE NOWAIT";
        whileABatchWaits(
                lock.formatted(inOrder.getFirst()),
                List.of(credit(newKey(), second), credit(newKey(), first)),
                lock.formatted(inOrder.getLast()));
    }

    void aBatchClaimsKeysInOrder() throws Exception {
        var user = userWith(1);
        var key = newKey();
        var claim = "INSERT INTO wallet.request (shard, kind, request_key, sha256, journal_id) VALUES (" + user.shard()
                + ", 'RECHARGE', '" + key + "%s', sha256('x'), 0)";
        whileABatchWaits(
                claim.formatted("-A"),
                List.of(credit(key + "-B", user), credit(key + "-A", user)),
                claim.formatted("-B"));
    }

    void aBatchOpensWalletsInOrder() throws Exception {
        var one = newUser();
        var two = newUser();
        var inOrder = one.shard() < two.shard() ? List.of(one, two) : List.of(two, one);
        var open = "INSERT INTO wallet.owner (shard, user_id) VALUES (%d, '%s')";
        whileABatchWaits(
                open.formatted(inOrder.getFirst().shard(), inOrder.getFirst()),
                List.of(credit(newKey(), two), credit(newKey(), one)),
                open.formatted(inOrder.getLast().shard(), inOrder.getLast()));
    }

    private static Credit credit(String key, UserId user) {
        return Teller.credit(key, user, 10, 0, null, "wechat/main");
    }

    private UserId userWith(long principal) throws Exception {
        var user = newUser();
        try (var teller = scratch.teller()) {
            teller.recharge(newKey(), user, principal, 0, null);
        }
        return user;
    }

    /** While one has done the first thing and not committed, another asks for the second, and waits. What is he told then? */
    private String secondAfter(Function<Teller, String> first, Function<Teller, String> second) throws Exception {
        try (var one = scratch.tellerInTransaction();
                var other = scratch.teller()) {
            assertThat(first.apply(one)).isNotEmpty();
            var answer = CompletableFuture.supplyAsync(() -> second.apply(other));
            awaitWaiting(one.connection(), 1, answer);
            one.connection().commit();
            return answer.get();
        }
    }

    /** While somebody has the first thing, a batch waits for it. It must not have the last already. */
    private void whileABatchWaits(String first, List<Credit> batch, String last) throws Exception {
        try (var one = scratch.tellerInTransaction();
                var third = scratch.tellerInTransaction();
                var other = scratch.teller()) {
            execute(one, first);
            var booked = CompletableFuture.supplyAsync(() -> other.recharge(batch));
            awaitWaiting(one.connection(), 1, booked);
            execute(third, "SET LOCAL lock_timeout = '300ms'");
            execute(third, last);
            third.connection().rollback();
            one.connection().rollback();
            assertThat(booked.get()).hasSize(2);
        }
    }

    private static void execute(Teller teller, String sql) throws Exception {
        try (var statement = teller.connection().createStatement()) {
            statement.execute(sql);
        }
    }

    private static void awaitWaiting(Connection holder, int waiting, CompletableFuture<?> waiter) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> waiter.isDone() || blocked(holder) >= waiting);
    }

    /** How many wait for what this connection holds. */
    private static long blocked(Connection holder) throws Exception {
        try (var statement = holder.createStatement();
                var row = statement.executeQuery("SELECT count(*) FROM pg_locks l"
                        + " WHERE NOT l.granted AND pg_backend_pid() = ANY (pg_blocking_pids(l.pid))")) {
            row.next();
            return row.getLong(1);
        }
    }
}
