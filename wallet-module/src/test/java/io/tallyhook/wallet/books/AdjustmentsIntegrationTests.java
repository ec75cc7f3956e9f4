package io.tallyhook.wallet.books;

import static io.tallyhook.wallet.books.Bookkeeper.newKey;
import static io.tallyhook.wallet.books.Bookkeeper.newUser;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.WalletModuleTest;
import io.tallyhook.wallet.Wallets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Proposals, and that nothing is booked without a second person. */
@WalletModuleTest
@Import(Bookkeeper.class)
class AdjustmentsIntegrationTests {

    private final Adjustments adjustments;
    private final Books books;
    private final Bookkeeper keeper;
    private final Wallets wallets;
    private final TransactionTemplate transaction;
    private final JdbcClient jdbc;

    AdjustmentsIntegrationTests(
            Adjustments adjustments,
            Books books,
            Bookkeeper keeper,
            Wallets wallets,
            TransactionTemplate transaction,
            JdbcClient jdbc) {
        this.transaction = transaction;
        this.adjustments = adjustments;
        this.books = books;
        this.keeper = keeper;
        this.wallets = wallets;
        this.jdbc = jdbc;
    }

    @Test
    void whatOneProposesAndAnotherApprovesIsBookedAndAttributed() {
        var user = newUser();
        var proposed = propose(grant(user, 500), "mei");
        assertThat(proposed.open()).isTrue();
        assertThat(balances(user).principal()).isEqualTo(Money.fen(0));

        var booked = adjustments.approve(proposed.number(), "jun", "looks right");

        assertThat(booked.state()).isEqualTo(AdjustmentState.BOOKED);
        assertThat(booked.decidedBy()).contains("jun");
        assertThat(booked.note()).contains("looks right");
        assertThat(balances(user).principal()).isEqualTo(Money.fen(500));
        var voucher = books.voucher(booked.journalId().orElseThrow());
        assertThat(voucher.head().actor()).isEqualTo("jun");
        assertThat(voucher.head().memo().orElseThrow()).contains("a gift for waiting", "mei", "jun");
        assertThat(wallets.proof().holds()).isTrue();
    }

    @Test
    void nobodyApprovesOrRejectsHisOwnProposal() {
        var user = newUser();
        var number = propose(grant(user, 500), "mei").number();

        assertRefused("own-proposal", () -> adjustments.approve(number, "mei", ""));
        assertRefused("own-proposal", () -> adjustments.reject(number, "mei", "no"));

        assertThat(adjustments.get(number).open()).isTrue();
        assertThat(balances(user).principal()).isEqualTo(Money.fen(0));
    }

    @Test
    void theDatabaseRefusesAnApprovalByTheAuthorToo() {
        var number = propose(grant(newUser(), 500), "mei").number();

        assertThatThrownBy(() -> jdbc.sql("SELECT * FROM wallet.approve(:number, :sha, 'mei', NULL, now())")
                        .param("number", number)
                        .param("sha", new byte[32])
                        .query((row, line) -> row.getString(1))
                        .list())
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("two_persons");
        assertThat(adjustments.get(number).open()).isTrue();
    }

    @Test
    void whatIsDecidedIsNotDecidedAgain() {
        var user = newUser();
        var booked = propose(grant(user, 100), "mei").number();
        adjustments.approve(booked, "jun", "");
        var rejected = propose(grant(user, 100), "mei").number();
        adjustments.reject(rejected, "jun", "no ticket");
        var withdrawn = propose(grant(user, 100), "mei").number();
        adjustments.withdraw(withdrawn, "mei");

        for (var number : List.of(booked, rejected, withdrawn)) {
            assertRefused("decided-before", () -> adjustments.approve(number, "lan", ""));
            assertRefused("decided-before", () -> adjustments.reject(number, "lan", "no"));
            assertRefused("decided-before", () -> adjustments.withdraw(number, "mei"));
        }
        assertThat(balances(user).principal()).isEqualTo(Money.fen(100));
    }

    @Test
    void onlyItsAuthorWithdrawsAProposal() {
        var number = propose(grant(newUser(), 100), "mei").number();

        assertRefused("not-your-proposal", () -> adjustments.withdraw(number, "jun"));

        assertThat(adjustments.withdraw(number, "mei").state()).isEqualTo(AdjustmentState.WITHDRAWN);
    }

    @Test
    void ofTwoWhoDecideAtTheSameMomentOneWinsAndTheOtherIsTold() throws Exception {
        for (int round = 0; round < 10; round++) {
            var user = newUser();
            var number = propose(grant(user, 100), "mei").number();
            var start = new CountDownLatch(1);
            try (var people = Executors.newFixedThreadPool(3)) {
                var decisions = new ArrayList<Future<String>>();
                for (var person : List.of("jun", "lan", "tao")) {
                    decisions.add(people.submit(() -> {
                        start.await();
                        try {
                            return person.equals("tao")
                                    ? adjustments
                                            .reject(number, person, "no")
                                            .state()
                                            .name()
                                    : adjustments
                                            .approve(number, person, "")
                                            .state()
                                            .name();
                        } catch (Refusal told) {
                            return told.type();
                        }
                    }));
                }
                start.countDown();
                var heard = new ArrayList<String>();
                for (var decision : decisions) {
                    heard.add(decision.get());
                }
                assertThat(heard).filteredOn("decided-before"::equals).hasSize(2);
            }
            boolean booked = adjustments.get(number).state() == AdjustmentState.BOOKED;
            assertThat(balances(user).principal()).isEqualTo(Money.fen(booked ? 100 : 0));
        }
    }

    @Test
    void whatTheLedgerRefusesIsRecordedAsRefusedAndBooksNothing() {
        var user = newUser();
        keeper.recharge(user, newKey("P"), 100, 0);
        var number = propose(proposal(AdjustmentKind.TAKE_PRINCIPAL, user, 101), "mei")
                .number();

        var refused = adjustments.approve(number, "jun", "");

        assertThat(refused.state()).isEqualTo(AdjustmentState.REFUSED);
        assertThat(refused.outcome()).contains("INSUFFICIENT_BALANCE");
        assertThat(refused.journalId()).isEmpty();
        assertThat(balances(user).principal()).isEqualTo(Money.fen(100));
    }

    @ParameterizedTest
    @EnumSource(AdjustmentKind.class)
    void aPreviewSaysExactlyWhatTheApprovalThenDoesAndLeavesNothing(AdjustmentKind kind) {
        var user = newUser();
        var payment = newKey("P");
        keeper.recharge(user, payment, 1000, 100);
        var spend = newKey("S");
        keeper.spend(user, spend, 990);
        if (kind == AdjustmentKind.PAY_DEBT || kind == AdjustmentKind.WRITE_OFF_DEBT) {
            adjustments.approve(
                    propose(about(AdjustmentKind.CHARGEBACK, user, 600, payment), "mei")
                            .number(),
                    "jun",
                    "");
            adjustments.approve(propose(grant(user, 50), "mei").number(), "jun", "");
        }
        var proposal = kind.hasSubject()
                ? about(kind, user, 7, kind == AdjustmentKind.CHARGEBACK ? payment : spend)
                : proposal(kind, user, 7);
        var journals = journals();

        var effect = adjustments.preview(proposal);

        assertThat(effect.posted()).as(effect.outcome()).isTrue();
        assertThat(effect.newWallet()).isFalse();
        assertThat(journals()).isEqualTo(journals);
        assertThat(balances(user)).isEqualTo(effect.before());
        var booked = adjustments.approve(propose(proposal, "mei").number(), "jun", "");
        assertThat(books.voucher(booked.journalId().orElseThrow()).lines()).isEqualTo(effect.lines());
        assertThat(balances(user)).isEqualTo(effect.after()).isNotEqualTo(effect.before());
        assertThat(wallets.proof().holds()).isTrue();
    }

    @Test
    void aPreviewSaysWhyTheLedgerWouldRefuseAndThatAUserIsNew() {
        var user = newUser();

        var refused = adjustments.preview(proposal(AdjustmentKind.TAKE_BONUS, user, 7));
        var granted = adjustments.preview(grant(user, 7));

        assertThat(refused.outcome()).isEqualTo("INSUFFICIENT_BALANCE");
        assertThat(refused.lines()).isEmpty();
        assertThat(granted.newWallet()).isTrue();
        assertThat(granted.posted()).isTrue();
        assertThat(adjustments.preview(grant(user, 7)).newWallet())
                .as("the first preview left nothing")
                .isTrue();
    }

    @Test
    void aFormSentTwiceIsOneProposalAndAnotherUnderItsNumberIsNone() {
        var user = newUser();
        var number = adjustments.newNumber();
        var first = adjustments.propose(number, grant(user, 10), "mei");

        assertThat(adjustments.propose(number, grant(user, 10), "mei")).isEqualTo(first);
        assertRefused("number-taken", () -> adjustments.propose(number, grant(user, 11), "mei"));
        assertRefused("number-taken", () -> adjustments.propose(number, grant(user, 10), "jun"));
        assertRefused("bad-request", () -> adjustments.propose("A1", grant(user, 10), "mei"));
    }

    @Test
    void aProposalIsCompleteOrIsNone() {
        var user = newUser();
        assertBadField("amount", () -> proposal(AdjustmentKind.GRANT_BONUS, user, 0));
        assertBadField("amount", () -> proposal(AdjustmentKind.GRANT_BONUS, user, -1));
        assertBadField("amount", () -> proposal(AdjustmentKind.GRANT_BONUS, user, Money.MAX_MINOR_UNITS + 1));
        assertBadField("subject", () -> proposal(AdjustmentKind.CHARGEBACK, user, 1));
        assertBadField("subject", () -> about(AdjustmentKind.GRANT_BONUS, user, 1, "P1"));
        assertBadField("subject", () -> about(AdjustmentKind.CHARGEBACK, user, 1, "P\n1"));
        for (var reason : List.of("", "four", "    four    ", "x".repeat(501), "with\0zero")) {
            assertBadField(
                    "reason",
                    () -> new Proposal(
                            AdjustmentKind.GRANT_BONUS,
                            user,
                            Money.fen(1),
                            Optional.empty(),
                            Optional.empty(),
                            reason));
        }
        var past = Instant.now().minusSeconds(1).truncatedTo(ChronoUnit.MICROS);
        assertBadField("bonusExpiresAt", () -> expiring(AdjustmentKind.GRANT_PRINCIPAL, user, past));
        assertBadField(
                "bonusExpiresAt",
                () -> adjustments.propose(
                        adjustments.newNumber(), expiring(AdjustmentKind.GRANT_BONUS, user, past), "mei"));
        assertBadField(
                "note", () -> adjustments.reject(propose(grant(user, 1), "mei").number(), "jun", "x".repeat(501)));
    }

    @Test
    void aGrantedBonusExpiresWhenTheProposalSaidSo() {
        var user = newUser();
        var end = Instant.now().plus(Duration.ofDays(3)).truncatedTo(ChronoUnit.MICROS);
        var number =
                propose(expiring(AdjustmentKind.GRANT_BONUS, user, end), "mei").number();
        adjustments.approve(number, "jun", "");

        assertThat(books.card(user, null).lots()).singleElement().satisfies(lot -> {
            assertThat(lot.expiresAt()).contains(end);
            assertThat(lot.recharge()).isFalse();
            assertThat(lot.reference()).isEqualTo(number);
        });
    }

    @Test
    void aLedgerThatHasStoppedForAUserAdjustsNothing() {
        var user = newUser();
        var number = propose(grant(user, 10), "mei").number();
        jdbc.sql("""
                        INSERT INTO wallet.stop (shard, invariant, subject, fault, stopped_at)
                        VALUES (:shard, 'I1', 'shard', 'for a test', now())
                        """).param("shard", user.shard()).update();
        try {
            assertRefused("ledger-stopped", () -> adjustments.approve(number, "jun", ""));
            assertRefused("ledger-stopped", () -> adjustments.preview(grant(user, 10)));
        } finally {
            jdbc.sql(
                            "UPDATE wallet.stop SET resumed_at = now(), resumed_by = 'jun', note = 'test' WHERE shard = :shard")
                    .param("shard", user.shard())
                    .update();
        }
        assertThat(adjustments.get(number).open()).isTrue();
        assertThat(adjustments.approve(number, "jun", "").state()).isEqualTo(AdjustmentState.BOOKED);
    }

    @Test
    void aWalletThatIsKeptBusyIsSaidToBeBusy() {
        var user = newUser();
        keeper.recharge(user, newKey("P"), 100, 0);
        var number = propose(grant(user, 10), "mei").number();

        transaction.executeWithoutResult(status -> {
            jdbc.sql("SELECT wallet.lock_wallet(:shard, :user)")
                    .param("shard", (short) user.shard())
                    .param("user", user.value())
                    .query(Long.class)
                    .single();
            elsewhere(() -> assertRefused(
                    "wallet-busy",
                    () -> transaction.executeWithoutResult(other -> {
                        jdbc.sql("SET LOCAL lock_timeout = '100ms'").update();
                        adjustments.approve(number, "jun", "");
                    })));
        });

        assertThat(adjustments.get(number).open()).isTrue();
    }

    @Test
    void openProposalsComeOldestFirstAndDecidedOnesNewestFirst() {
        var user = newUser();
        var numbers = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            numbers.add(propose(grant(user, 10), "mei").number());
        }
        assertThat(adjustments.open()).extracting(Adjustment::number).containsSubsequence(numbers);

        numbers.forEach(number -> adjustments.withdraw(number, "mei"));

        assertThat(adjustments.open()).extracting(Adjustment::number).doesNotContainAnyElementsOf(numbers);
        var decided = new ArrayList<String>();
        var page = adjustments.decided(new Paging(2, null));
        decided.addAll(page.items().stream().map(Adjustment::number).toList());
        while (page.nextCursor() != null) {
            page = adjustments.decided(new Paging(2, page.nextCursor()));
            decided.addAll(page.items().stream().map(Adjustment::number).toList());
        }
        assertThat(decided).doesNotHaveDuplicates().containsSubsequence(numbers.reversed());
    }

    private Adjustment propose(Proposal proposal, String by) {
        return adjustments.propose(adjustments.newNumber(), proposal, by);
    }

    private static Proposal grant(UserId user, long amount) {
        return proposal(AdjustmentKind.GRANT_PRINCIPAL, user, amount);
    }

    private static Proposal proposal(AdjustmentKind kind, UserId user, long amount) {
        return new Proposal(kind, user, Money.fen(amount), Optional.empty(), Optional.empty(), "a gift for waiting");
    }

    private static Proposal about(AdjustmentKind kind, UserId user, long amount, String subject) {
        return new Proposal(
                kind, user, Money.fen(amount), Optional.empty(), Optional.of(subject), "a gift for waiting");
    }

    private static Proposal expiring(AdjustmentKind kind, UserId user, Instant end) {
        return new Proposal(kind, user, Money.fen(5), Optional.of(end), Optional.empty(), "a gift for waiting");
    }

    private Balances balances(UserId user) {
        return books.card(user, null).balances();
    }

    private long journals() {
        return jdbc.sql("SELECT count(*) FROM wallet.journal").query(Long.class).single()
                + jdbc.sql("SELECT count(*) FROM wallet.request")
                        .query(Long.class)
                        .single()
                + jdbc.sql("SELECT count(*) FROM wallet.adjustment")
                        .query(Long.class)
                        .single();
    }

    private static void assertRefused(String type, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.type()).isEqualTo(type));
    }

    private static void assertBadField(String field, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(Refusal.class).hasMessageStartingWith(field + " ");
    }

    private static void elsewhere(Runnable work) {
        try (var thread = Executors.newSingleThreadExecutor()) {
            thread.submit(work).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
