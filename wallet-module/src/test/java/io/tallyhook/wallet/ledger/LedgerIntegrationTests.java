package io.tallyhook.wallet.ledger;

import static io.tallyhook.wallet.ledger.Credits.aCredit;
import static io.tallyhook.wallet.ledger.Credits.newKey;
import static io.tallyhook.wallet.ledger.Credits.newUser;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.Proof;
import io.tallyhook.wallet.TrialBalanceLine;
import io.tallyhook.wallet.WalletEntry;
import io.tallyhook.wallet.WalletEntry.Part;
import io.tallyhook.wallet.WalletModuleTest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.support.TransactionTemplate;

@WalletModuleTest
class LedgerIntegrationTests {

    private final Ledger ledger;
    private final Statements statements;
    private final ProofOfLedger proof;
    private final TrialBalances trialBalances;
    private final TransactionTemplate transaction;
    private final JdbcClient jdbc;

    LedgerIntegrationTests(
            Ledger ledger,
            Statements statements,
            ProofOfLedger proof,
            TrialBalances trialBalances,
            TransactionTemplate transaction,
            JdbcClient jdbc) {
        this.ledger = ledger;
        this.statements = statements;
        this.proof = proof;
        this.trialBalances = trialBalances;
        this.transaction = transaction;
        this.jdbc = jdbc;
    }

    @Test
    void aRechargeIsFourBalancedLinesAndALot() {
        var user = newUser();
        var booked = credit(aCredit(newKey(), user, 10_000, 2_000)).getFirst();

        assertThat(jdbc.sql("""
                        SELECT p.line || ' ' || a.gl_code || ' ' || a.channel || ' ' || p.amount || ' '
                               || coalesce(p.seq || '/' || p.balance, '-')
                        FROM wallet.posting p JOIN wallet.account a USING (account_id)
                        WHERE journal_id = ? ORDER BY line
                        """).param(booked.journalId()).query(String.class).list())
                .containsExactly(
                        "1 1012.01 wechat/main 10000 -",
                        "2 2204.01  -10000 1/10000",
                        "3 2204.19  2000 -",
                        "4 2204.11  -2000 1/2000");
        assertThat(jdbc.sql("""
                        SELECT principal || ' ' || bonus || ' ' || principal_left || ' ' || bonus_left || ' '
                               || (expires_at - (SELECT booked_at FROM wallet.journal WHERE journal_id = lot_id))
                        FROM wallet.wallet_lot WHERE lot_id = ?
                        """).param(booked.journalId()).query(String.class).single())
                .isEqualTo("10000 2000 10000 2000 30 days");
    }

    @Test
    void aRechargeWithoutBonusHasNoBonusLines() {
        var booked = credit(aCredit(newKey(), newUser(), 100, 0)).getFirst();

        assertThat(jdbc.sql("SELECT count(*) FROM wallet.posting WHERE journal_id = ?")
                        .param(booked.journalId())
                        .query(Long.class)
                        .single())
                .isEqualTo(2);
    }

    @Test
    void everyProviderAccountHasOneClearingAccount() {
        credit(
                aCredit(newKey(), newUser(), 1, 0, "alipay", "shop-1"),
                aCredit(newKey(), newUser(), 1, 0, "alipay", "shop-2"));
        credit(aCredit(newKey(), newUser(), 1, 0, "alipay", "shop-1"));

        assertThat(jdbc.sql("SELECT channel FROM wallet.account WHERE gl_code = '1012.02' ORDER BY channel")
                        .query(String.class)
                        .list())
                .containsExactly("alipay/shop-1", "alipay/shop-2");
    }

    @Test
    void severalCreditsOfOneUserInOneBatchRunOn() {
        var user = newUser();
        credit(aCredit(newKey(), user, 5, 1));

        credit(aCredit(newKey(), user, 10, 0), aCredit(newKey(), user, 20, 2), aCredit(newKey(), user, 40, 4));

        var lines = statements.entries(user, Paging.of(null, null)).items();
        var principal = lines.stream()
                .filter(line -> line.part() == Part.PRINCIPAL)
                .toList()
                .reversed();
        var bonus = lines.stream()
                .filter(line -> line.part() == Part.BONUS)
                .toList()
                .reversed();
        assertThat(principal).extracting(WalletEntry::seq).containsExactly(1L, 2L, 3L, 4L);
        assertThat(principal).extracting(WalletEntry::amount).containsExactly(5L, 10L, 20L, 40L);
        assertThat(principal).extracting(WalletEntry::balance).containsExactly(5L, 15L, 35L, 75L);
        assertThat(bonus).extracting(WalletEntry::seq).containsExactly(1L, 2L, 3L);
        assertThat(bonus).extracting(WalletEntry::balance).containsExactly(1L, 3L, 7L);
        assertThat(principal)
                .extracting(WalletEntry::bookedAt)
                .doesNotHaveDuplicates()
                .isSorted();
    }

    @Test
    void aRepeatedKeyIsAReplayAndBooksNothing() {
        var user = newUser();
        var asked = aCredit(newKey(), user, 100, 10);
        var first = credit(asked).getFirst();

        assertThat(credit(asked, aCredit(newKey(), user, 1, 0)))
                .contains(new Booked(asked.outTradeNo(), first.journalId(), true));
        assertThat(statements.balance(user).principal()).isEqualTo(Money.fen(101));
    }

    @Test
    void theSameKeyTwiceInABatchIsOneCredit() {
        var user = newUser();
        var asked = aCredit(newKey(), user, 100, 10);

        assertThat(credit(asked, asked)).hasSize(1);
        assertThat(statements.balance(user).principal()).isEqualTo(Money.fen(100));
    }

    @Test
    void aKeyWithAnotherBodyIsAConflictAndItsBatchBooksNothing() {
        var user = newUser();
        var other = newUser();
        var asked = aCredit(newKey(), user, 100, 10);
        credit(asked);

        for (var different : List.of(
                aCredit(asked.outTradeNo(), user, 101, 10),
                aCredit(asked.outTradeNo(), user, 100, 11),
                aCredit(asked.outTradeNo(), user, 100, 10, "alipay", "main"),
                aCredit(asked.outTradeNo(), user, 100, 10, "wechat", "shop-2"))) {
            assertThatThrownBy(() -> credit(aCredit(newKey(), other, 1, 0), different))
                    .isInstanceOf(RequestConflict.class)
                    .hasMessageContaining(asked.outTradeNo());
            assertThatThrownBy(() -> credit(asked, different)).isInstanceOf(RequestConflict.class);
        }
        assertThat(statements.balance(user).principal()).isEqualTo(Money.fen(100));
        assertThat(statements.balance(other).principal()).isEqualTo(Money.fen(0));
    }

    @Test
    void aProviderThatTheChartDoesNotNameClearsUnderOthers() {
        credit(aCredit(newKey(), newUser(), 100, 0, "barter", "market"));

        assertThat(jdbc.sql("SELECT gl_code FROM wallet.account WHERE channel = 'barter/market'")
                        .query(String.class)
                        .single())
                .isEqualTo("1012.80");
    }

    @Test
    void aWalletThatLostABalanceRowIsNotBookedByHalves() {
        var damaged = newUser();
        var sound = newUser();
        credit(aCredit(newKey(), damaged, 100, 10));

        transaction.executeWithoutResult(status -> {
            jdbc.sql("ALTER TABLE wallet.account_balance DISABLE TRIGGER ALL").update();
            jdbc.sql("""
                            DELETE FROM wallet.account_balance WHERE account_id IN
                              (SELECT account_id FROM wallet.account JOIN wallet.owner USING (owner_id)
                               WHERE user_id = ? AND gl_code = '2204.11')
                            """).param(damaged.value()).update();
            assertThatThrownBy(() ->
                            ledger.credit(List.of(aCredit(newKey(), sound, 1, 1), aCredit(newKey(), damaged, 100, 10))))
                    .isInstanceOf(IllegalStateException.class);
            status.setRollbackOnly();
        });
        assertThat(statements.balance(sound).principal()).isEqualTo(Money.fen(0));
    }

    @Test
    void whatIsNotMoneyOfOursIsRefused() {
        assertThatThrownBy(() -> aCredit(newKey(), newUser(), 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> aCredit(newKey(), newUser(), -1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> aCredit(newKey(), newUser(), 1, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nothingIsBookedOutsideOfATransaction() {
        assertThatThrownBy(() -> ledger.credit(List.of(aCredit(newKey(), newUser(), 1, 0))))
                .isInstanceOf(IllegalTransactionStateException.class);
    }

    @Test
    void moreThanOneStatementTakesIsBookedAllTheSame() {
        var user = newUser();

        credit(IntStream.range(0, Ledger.MAX_BATCH + 3)
                .mapToObj(i -> aCredit(newKey(), user, 2, 1))
                .toArray(Credit[]::new));

        assertThat(statements.balance(user).principal()).isEqualTo(Money.fen(2L * (Ledger.MAX_BATCH + 3)));
        assertThat(statements.balance(user).bonus()).isEqualTo(Money.fen(Ledger.MAX_BATCH + 3));
    }

    @Test
    void sixteenWritersWithCommonUsersAndRepeatedKeysCreditEachKeyOnce() throws Exception {
        var users = List.of(newUser(), newUser(), newUser());
        var credits = IntStream.range(0, 120)
                .mapToObj(i -> aCredit(newKey(), users.get(i % 3), 10 + i, i % 5))
                .toList();
        long seed = System.nanoTime();
        Callable<Void> writer = () -> {
            var random = new Random(seed ^ Thread.currentThread().threadId());
            for (int round = 0; round < 12; round++) {
                var shuffled = new ArrayList<>(credits);
                Collections.shuffle(shuffled, random);
                credit(shuffled.subList(0, 1 + random.nextInt(30)).toArray(Credit[]::new));
            }
            return null;
        };

        try (var threads = Executors.newFixedThreadPool(16)) {
            for (var done : threads.invokeAll(Collections.nCopies(16, writer))) {
                done.get();
            }
        }
        credit(credits.toArray(Credit[]::new));

        for (int u = 0; u < users.size(); u++) {
            int user = u;
            long principal = IntStream.range(0, 120)
                    .filter(i -> i % 3 == user)
                    .mapToLong(i -> 10 + i)
                    .sum();
            long bonus = IntStream.range(0, 120)
                    .filter(i -> i % 3 == user)
                    .mapToLong(i -> i % 5)
                    .sum();
            var wallet = statements.balance(users.get(user));
            assertThat(wallet.principal()).as("seed %d", seed).isEqualTo(Money.fen(principal));
            assertThat(wallet.bonus()).as("seed %d", seed).isEqualTo(Money.fen(bonus));
        }
        assertThat(proof.check().invariants()).allMatch(Proof.Invariant::holds);
    }

    @Test
    void aStatementIsReadInPagesWithoutGapsOrRepeats() {
        var user = newUser();
        for (int i = 0; i < 7; i++) {
            credit(aCredit(newKey(), user, 10, i % 2), aCredit(newKey(), user, 20, i % 3));
        }
        var whole = statements.entries(user, Paging.of(200, null)).items();

        var read = new ArrayList<WalletEntry>();
        var page = statements.entries(user, Paging.of(3, null));
        read.addAll(page.items());
        while (page.nextCursor() != null) {
            page = statements.entries(user, Paging.of(3, page.nextCursor()));
            read.addAll(page.items());
        }

        assertThat(read).isEqualTo(whole).doesNotHaveDuplicates();
        assertThat(read).extracting(WalletEntry::bookedAt).isSortedAccordingTo(Collections.reverseOrder());
    }

    @Test
    void aUserNeverSeenHasNothing() {
        var stranger = new UserId("nobody@example.com");

        assertThat(statements.balance(stranger).principal()).isEqualTo(Money.fen(0));
        assertThat(statements.balance(stranger).heldBonus()).isEqualTo(Money.fen(0));
        assertThat(statements.entries(stranger, Paging.of(null, null)).items()).isEmpty();
    }

    @Test
    void theTrialBalanceAddsUpToZeroNowAndAtEveryMoment() {
        var user = newUser();
        credit(aCredit(newKey(), user, 100, 10));
        var between = Instant.now();
        credit(aCredit(newKey(), user, 1_000, 100));

        assertThat(trialBalances.now()).anyMatch(line -> line.balance() != 0);
        assertThat(trialBalances.now())
                .extracting(TrialBalanceLine::balance)
                .satisfies(LedgerIntegrationTests::addUpToZero);
        assertThat(trialBalances.at(between))
                .extracting(TrialBalanceLine::balance)
                .satisfies(LedgerIntegrationTests::addUpToZero);
        assertThat(owed(trialBalances.now()) - owed(trialBalances.at(between))).isEqualTo(1_000);
        assertThat(owed(trialBalances.at(Instant.EPOCH))).isZero();
    }

    private static long owed(List<TrialBalanceLine> lines) {
        return lines.stream()
                .filter(line -> line.code().equals("2204.01"))
                .findFirst()
                .orElseThrow()
                .credit();
    }

    private static void addUpToZero(List<? extends Long> balances) {
        assertThat(balances.stream().mapToLong(Long::longValue).sum()).isZero();
    }

    private List<Booked> credit(Credit... credits) {
        return transaction.execute(status -> ledger.credit(List.of(credits)));
    }
}
