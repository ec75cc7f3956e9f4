package io.tallyhook.wallet.books;

import static io.tallyhook.wallet.books.Bookkeeper.newKey;
import static io.tallyhook.wallet.books.Bookkeeper.newUser;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.WalletModuleTest;
import io.tallyhook.wallet.books.LotStory.Why;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.support.TransactionTemplate;

/** Wallets, statements, lots, holds and vouchers as finance reads them. */
@WalletModuleTest
@Import(Bookkeeper.class)
class BooksIntegrationTests {

    private static final Paging FIRST = Paging.of(null, null);

    private final Books books;
    private final Bookkeeper keeper;
    private final TransactionTemplate transaction;

    BooksIntegrationTests(Books books, Bookkeeper keeper, TransactionTemplate transaction) {
        this.transaction = transaction;
        this.books = books;
        this.keeper = keeper;
    }

    @Test
    void aWalletIsShownAsItWasAtAnyMoment() {
        var user = newUser();
        var recharged = keeper.recharge(user, newKey("P"), 1000, 200);
        var hold = newKey("H");
        var held = keeper.hold(user, hold, 600);
        var captured = keeper.capture(user, newKey("C"), hold, 240);

        assertThat(at(user, keeper.bookedAt(recharged).minusNanos(1000))).isEqualTo(List.of(0L, 0L, 0L, 0L, 0L));
        assertThat(at(user, keeper.bookedAt(recharged))).isEqualTo(List.of(1000L, 200L, 0L, 0L, 0L));
        assertThat(at(user, keeper.bookedAt(held).minusNanos(1000))).isEqualTo(List.of(1000L, 200L, 0L, 0L, 0L));
        assertThat(at(user, keeper.bookedAt(held))).isEqualTo(List.of(500L, 100L, 500L, 100L, 0L));
        assertThat(at(user, keeper.bookedAt(captured))).isEqualTo(List.of(500L, 100L, 300L, 60L, 0L));
        assertThat(amounts(books.card(user, null).balances())).isEqualTo(List.of(500L, 100L, 300L, 60L, 0L));
    }

    @Test
    void aWalletThatNobodyHasSeenIsEmptyAtEveryMoment() {
        assertThat(at(newUser(), Instant.EPOCH)).containsOnly(0L);
        assertThat(amounts(books.card(newUser(), null).balances())).containsOnly(0L);
    }

    @Test
    void whatAnotherUserHasIsNotShown() {
        var user = newUser();
        keeper.recharge(user, newKey("P"), 700, 0);
        var other = newUser();
        keeper.recharge(other, newKey("P"), 900, 0);

        assertThat(books.card(user, null).balances().principal()).isEqualTo(Money.fen(700));
        assertThat(books.card(user, null).lots()).hasSize(1);
        var lot = books.card(other, null).lots().getFirst().lotId();
        assertThatThrownBy(() -> books.lot(user, lot)).isInstanceOf(Refusal.class);
    }

    @Test
    void aLotTellsWhereItsMoneyWentAndTheStepsAddUp() {
        var user = newUser();
        var payment = newKey("P");
        var lotId = keeper.recharge(user, payment, 1000, 100);
        var spent = newKey("S");
        keeper.spend(user, spent, 330);
        keeper.refundSpend(user, newKey("G"), spent, 110);
        var hold = newKey("H");
        keeper.hold(user, hold, 220);
        keeper.capture(user, newKey("C"), hold, 110);
        var failed = newKey("F");
        keeper.refundRecharge(user, failed, payment, 200);
        keeper.endRefund(user, failed, false);
        keeper.refundRecharge(user, newKey("F"), payment, 300);

        var story = books.lot(user, lotId);

        assertThat(steps(story, LotStory.Step::principal))
                .isEqualTo(Map.of(
                        Why.GRANTED, 1000L,
                        Why.SPENT, -400L,
                        Why.GIVEN_BACK, 100L,
                        Why.HELD, -100L,
                        Why.REFUNDED, -500L,
                        Why.REFUND_FAILED, 200L));
        assertThat(story.steps().stream()
                        .mapToLong(step -> step.principal().minorUnits())
                        .sum())
                .isEqualTo(story.lot().principalLeft().minorUnits())
                .isEqualTo(300);
        assertThat(story.steps().stream()
                        .mapToLong(step -> step.bonus().minorUnits())
                        .sum())
                .isEqualTo(story.lot().bonusLeft().minorUnits())
                .isEqualTo(30);
        assertThat(story.moves()).hasSize(7);
        assertThat(story.refundable()).isEqualTo(Money.fen(300));
        assertThat(story.forgone()).isEqualTo(Money.fen(30));
        assertThat(books.forgone(story, Money.fen(1))).isEqualTo(Money.fen(1));
        assertThat(books.forgone(story, Money.fen(290))).isEqualTo(Money.fen(29));
    }

    @Test
    void noMoreCanBeQuotedThanIsLeft() {
        var user = newUser();
        var story = books.lot(user, keeper.recharge(user, newKey("P"), 100, 0));

        for (long amount : new long[] {-1, 0, 101}) {
            assertThatThrownBy(() -> books.forgone(story, Money.fen(amount)))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("must be 0.01 to 1.00");
        }
    }

    @Test
    void aStatementHasEveryLineOnceOverAllPagesAndProvesItself() {
        var user = newUser();
        keeper.recharge(user, newKey("P"), 10_000, 999);
        for (int i = 0; i < 12; i++) {
            keeper.spend(user, newKey("S"), 7 * i + 1);
        }
        keeper.hold(user, newKey("H"), 500);

        var purses = List.of(Purse.values());
        var filter = new StatementFilter(purses, null, null, null);
        var lines = all(paging -> books.statement(user, filter, paging), 5);

        assertThat(lines)
                .doesNotHaveDuplicates()
                .isSortedAccordingTo((a, b) -> b.bookedAt().compareTo(a.bookedAt()));
        for (var purse : purses) {
            var own = lines.stream()
                    .filter(line -> line.purse() == purse)
                    .toList()
                    .reversed();
            long balance = 0;
            for (int i = 0; i < own.size(); i++) {
                var line = own.get(i);
                assertThat(line.seq()).isEqualTo(i + 1);
                balance -= line.amount().minorUnits();
                assertThat(line.balance().minorUnits()).isEqualTo(balance);
            }
        }
        assertThat(lines.stream().map(StatementLine::purse).distinct())
                .containsExactlyInAnyOrder(Purse.PRINCIPAL, Purse.BONUS, Purse.HELD_PRINCIPAL, Purse.HELD_BONUS);
    }

    @Test
    void aStatementIsFilteredByPurseKindAndDay() {
        var user = newUser();
        keeper.recharge(user, newKey("P"), 1000, 100);
        keeper.spend(user, newKey("S"), 110);
        var today = books.today();

        assertThat(statement(user, new StatementFilter(List.of(Purse.BONUS), null, null, null)))
                .hasSize(2)
                .allMatch(line -> line.purse() == Purse.BONUS);
        assertThat(statement(user, new StatementFilter(Purse.AVAILABLE, "SPEND", null, null)))
                .hasSize(2)
                .allMatch(line -> line.kind().equals("SPEND") && line.debit());
        assertThat(statement(user, new StatementFilter(Purse.AVAILABLE, null, today, today)))
                .hasSize(4);
        assertThat(statement(user, new StatementFilter(Purse.AVAILABLE, null, today.plusDays(1), null)))
                .isEmpty();
        assertThat(statement(user, new StatementFilter(Purse.AVAILABLE, null, null, today.minusDays(1))))
                .isEmpty();
        assertThat(statement(newUser(), StatementFilter.EVERYTHING)).isEmpty();
    }

    @Test
    void aCursorOfAnotherListIsRefused() {
        for (var cursor : List.of("7", "1-2-3", "a-b", "-1-2", "9999999999999999999-1")) {
            assertThatThrownBy(() -> books.statement(newUser(), StatementFilter.EVERYTHING, new Paging(5, cursor)))
                    .as(cursor)
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("cursor");
        }
    }

    @Test
    void aVoucherHasAllItsLinesTheirTotalsAndWhatItDidToLots() {
        var user = newUser();
        var lot = keeper.recharge(user, newKey("P"), 1000, 100);
        var key = newKey("S");
        var journal = keeper.spend(user, key, 110);

        var voucher = books.voucher(journal);

        assertThat(voucher.head().kind()).isEqualTo("SPEND");
        assertThat(voucher.head().requestKey()).isEqualTo(key);
        assertThat(voucher.head().acctDate()).isEqualTo(books.today());
        assertThat(voucher.userId()).contains(user);
        assertThat(voucher.lines())
                .extracting(Voucher.Line::code)
                .containsExactly("2204.01", "6001.01", "2204.11", "2204.19");
        assertThat(voucher.debit()).isEqualTo(voucher.credit()).isEqualTo(Money.fen(110));
        assertThat(voucher.lotMoves()).singleElement().satisfies(move -> {
            assertThat(move.lotId()).isEqualTo(lot);
            assertThat(move.principal()).isEqualTo(Money.fen(100));
            assertThat(move.bonus()).isEqualTo(Money.fen(10));
        });
        assertThat(voucher.chain()).hasSize(1);
    }

    @Test
    void aVoucherNamesTheBlockThatSealedItOnceThereIsOne() {
        var user = newUser();
        // Nobody can seal what is not committed.
        var journal = transaction.execute(status -> {
            var booked = keeper.recharge(user, newKey("P"), 100, 0);
            assertThat(books.voucher(booked).head().block()).isEmpty();
            return booked;
        });

        await().until(() -> {
            keeper.seal();
            return books.voucher(journal).head().block().isPresent();
        });
    }

    @Test
    void aChainReachesFromEveryLinkOverAll() {
        var user = newUser();
        var payment = newKey("P");
        var lot = keeper.recharge(user, payment, 1000, 100);
        var refund = newKey("F");
        var asked = keeper.refundRecharge(user, refund, payment, 500);
        var paidOut = keeper.endRefund(user, refund, true);

        for (var journal : List.of(lot, asked, paidOut)) {
            assertThat(books.voucher(journal).chain())
                    .extracting(Voucher.Link::journalId)
                    .containsExactly(lot, asked, paidOut);
            assertThat(books.voucher(journal).userId()).contains(user);
        }
        assertThat(books.voucher(paidOut).lines())
                .noneMatch(line -> line.userId().isPresent());
    }

    @Test
    void thereIsNoVoucherForAnUnknownNumber() {
        assertThatThrownBy(() -> books.voucher(Long.MAX_VALUE))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("There is no voucher");
    }

    @Test
    void openHoldsAreListedByTheirEndAndByTheirAge() {
        var user = newUser();
        keeper.recharge(user, newKey("P"), 1000, 0);
        var first = newKey("H");
        var second = newKey("H");
        var third = newKey("H");
        keeper.hold(user, first, 100);
        keeper.hold(user, second, 100);
        keeper.hold(user, third, 100);
        keeper.capture(user, newKey("C"), third, 40);
        keeper.release(user, newKey("L"), second);

        for (var order : HoldOrder.values()) {
            var own = all(paging -> books.openHolds(order, paging), 1).stream()
                    .filter(hold -> hold.userId().equals(user))
                    .toList();
            assertThat(own).extracting(HoldLine::holdNo).containsExactly(first, third);
            assertThat(own.getLast().left()).isEqualTo(Money.fen(60));
        }
        assertThat(books.card(user, null).holds()).extracting(HoldLine::holdNo).containsExactly(third, first, second);
    }

    private List<Long> at(UserId user, Instant moment) {
        return amounts(books.card(user, moment).balances());
    }

    private static List<Long> amounts(Balances balances) {
        return List.of(
                balances.principal().minorUnits(),
                balances.bonus().minorUnits(),
                balances.heldPrincipal().minorUnits(),
                balances.heldBonus().minorUnits(),
                balances.debt().minorUnits());
    }

    private List<StatementLine> statement(UserId user, StatementFilter filter) {
        return books.statement(user, filter, FIRST).items();
    }

    private static Map<Why, Long> steps(LotStory story, Function<LotStory.Step, Money> part) {
        return story.steps().stream()
                .collect(Collectors.toMap(
                        LotStory.Step::why, step -> part.apply(step).minorUnits()));
    }

    private static <T> List<T> all(Function<Paging, Page<T>> list, int limit) {
        var found = new ArrayList<T>();
        var page = list.apply(new Paging(limit, null));
        found.addAll(page.items());
        while (page.nextCursor() != null) {
            page = list.apply(new Paging(limit, page.nextCursor()));
            found.addAll(page.items());
        }
        return found;
    }
}
