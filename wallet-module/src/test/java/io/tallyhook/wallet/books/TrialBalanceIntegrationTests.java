package io.tallyhook.wallet.books;

import static io.tallyhook.wallet.books.Bookkeeper.newKey;
import static io.tallyhook.wallet.books.Bookkeeper.newUser;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Refusal;
import io.tallyhook.wallet.WalletModuleTest;
import io.tallyhook.wallet.books.CodeAccounts.UserAccount;
import io.tallyhook.wallet.books.TrialBalance.Turnover;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The trial balance, and the way from a code down to its lines. */
@WalletModuleTest
@Import(Bookkeeper.class)
class TrialBalanceIntegrationTests {

    private final Books books;
    private final Bookkeeper keeper;
    private final TransactionTemplate transaction;
    private final JdbcClient jdbc;

    TrialBalanceIntegrationTests(Books books, Bookkeeper keeper, TransactionTemplate transaction, JdbcClient jdbc) {
        this.transaction = transaction;
        this.books = books;
        this.keeper = keeper;
        this.jdbc = jdbc;
    }

    @Test
    void theTrialBalanceIsWhatThePostingsAddUpToRolledUpOrNot() {
        someBookings();
        assertThatItEqualsThePostings();

        keeper.rollUp();
        assertThatItEqualsThePostings();

        someBookings();
        assertThatItEqualsThePostings();
    }

    @Test
    void whatWasBookedBeforeIsTheOpeningOfTheDaysAfter() {
        someBookings();
        var today = books.today();

        var tomorrow = books.trialBalance(today.plusDays(1), today.plusDays(2));

        assertThat(tomorrow.total().debit()).isEqualTo(Money.fen(0));
        assertThat(turnover(tomorrow, "2204.01").opening())
                .isEqualTo(turnover(tomorrow, "2204.01").closing())
                .isEqualTo(turnover(books.trialBalance(today, today), "2204.01").closing());
        var yesterday = books.trialBalance(today.minusDays(1), today.minusDays(1));
        assertThat(yesterday.codes()).allMatch(code -> code.turnover().empty());
    }

    @Test
    void everyCodeOfTheChartIsThereAlsoUnused() {
        var codes = books.trialBalance(books.today(), books.today()).codes();

        assertThat(codes).hasSize(23);
        assertThat(codes)
                .anyMatch(
                        code -> code.code().equals("6603.01") && code.turnover().empty());
        assertThatThrownBy(() -> books.accounts("9999.99", books.today(), books.today()))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("9999.99");
    }

    @Test
    void aCodeConsistsOfItsChannels() {
        var user = newUser();
        keeper.recharge(user, newKey("P"), 300, 0, "wechat", "north-1");
        keeper.recharge(user, newKey("P"), 500, 0, "wechat", "north-2");

        var accounts = books.accounts("1012.01", books.today(), books.today());

        assertThat(accounts.accounts().stream()
                        .map(CodeAccounts.PlatformAccount::turnover)
                        .reduce(Turnover.NOTHING, Turnover::plus))
                .isEqualTo(accounts.code().turnover());
        assertThat(accounts.accounts())
                .filteredOn(account -> account.channel().startsWith("wechat/north"))
                .extracting(account -> account.turnover().closing().minorUnits())
                .containsExactly(300L, 500L);
    }

    @Test
    void theLinesOfAnAccountComeEachOnceNewestFirst() {
        var user = newUser();
        var journals = new ArrayList<Long>();
        for (int i = 1; i <= 7; i++) {
            journals.add(keeper.recharge(user, newKey("P"), i, 0, "wechat", "branch-3"));
        }
        var account = books.accounts("1012.01", books.today(), books.today()).accounts().stream()
                .filter(one -> one.channel().equals("wechat/branch-3"))
                .findFirst()
                .orElseThrow();

        var lines = new ArrayList<AccountLine>();
        String cursor = null;
        do {
            var page = books.lines(account.accountId(), books.today(), books.today(), new Paging(3, cursor));
            lines.addAll(page.items());
            cursor = page.nextCursor();
        } while (cursor != null);

        assertThat(lines).extracting(AccountLine::journalId).containsExactlyElementsOf(journals.reversed());
        assertThat(lines).allMatch(line -> line.debit() && line.kind().equals("RECHARGE"));
        assertThat(lines.stream().mapToLong(line -> line.amount().minorUnits()).sum())
                .isEqualTo(account.turnover().closing().minorUnits());
        var tomorrow = books.today().plusDays(1);
        assertThat(books.lines(account.accountId(), tomorrow, tomorrow, new Paging(3, null))
                        .items())
                .isEmpty();
    }

    @Test
    void usersAreListedByBalanceTheLargestFirstAndTheEmptyNotAtAll() {
        var rich = newUser();
        var poor = newUser();
        var empty = newUser();
        keeper.recharge(poor, newKey("P"), 9_000_000_001L, 0);
        keeper.recharge(rich, newKey("P"), 9_000_000_002L, 0);
        keeper.recharge(empty, newKey("P"), 5, 0);
        keeper.spend(empty, newKey("S"), 5);

        var found = new ArrayList<UserAccount>();
        String cursor = null;
        do {
            var page = books.users("2204.01", books.today(), new Paging(1, cursor));
            found.addAll(page.items());
            cursor = page.nextCursor();
        } while (cursor != null);

        assertThat(found.subList(0, 2)).extracting(UserAccount::userId).containsExactly(rich, poor);
        assertThat(found)
                .extracting(UserAccount::userId)
                .doesNotHaveDuplicates()
                .doesNotContain(empty);
        assertThat(found).allMatch(user -> user.closing().equals(user.balance()));
        assertThat(found.stream().mapToLong(user -> user.balance().minorUnits()).sum())
                .isEqualTo(-turnover(books.trialBalance(books.today(), books.today()), "2204.01")
                        .closing()
                        .minorUnits());
        assertThat(books.users("2204.01", books.today().minusDays(1), new Paging(1, null))
                        .items())
                .allMatch(user -> user.closing().equals(Money.fen(0)));
    }

    @Test
    void aCursorThatIsNoneOfOursIsRefused() {
        for (var cursor : List.of("x", "2026-13-45_1_1", "1")) {
            assertThatThrownBy(() -> books.lines(1, books.today(), books.today(), new Paging(5, cursor)))
                    .isInstanceOf(Refusal.class);
            assertThatThrownBy(() -> books.users("2204.01", books.today(), new Paging(5, cursor)))
                    .isInstanceOf(Refusal.class);
        }
    }

    /**
     * What keeps the pages fast with ten million postings is that each begins in an index. With tables as small as here the
     * planner may prefer to read them whole, so that it is forbidden to: a plan that still has to would show it.
     * The trial balance begins at the totals by day; of the postings it reads those behind the mark, by the index on xid.
     */
    @Test
    void noPageReadsThePostingsFromTheFirstToTheLast() {
        someBookings();
        var lines = plan("""
                SELECT p.acct_date, p.journal_id, p.line FROM wallet.posting p
                WHERE p.account_id = 10 AND p.seq IS NULL AND p.acct_date >= '2026-01-01' AND p.acct_date <= '2036-01-01'
                  AND (p.acct_date, p.journal_id, p.line) < ('2036-01-01', 5, 1)
                ORDER BY p.acct_date DESC, p.journal_id DESC, p.line DESC LIMIT 51""");
        var moment = plan("""
                SELECT p.balance FROM wallet.posting p
                WHERE p.account_id = 10 AND p.seq IS NOT NULL AND p.acct_date <= '2036-01-01'
                ORDER BY p.seq DESC LIMIT 1""");

        assertThat(lines).contains("account_id_acct_date_journal_id_idx").doesNotContain("Seq Scan");
        assertThat(lines)
                .as("the index has the order, so that a page reads a page")
                .doesNotContain(" Sort ->");
        assertThat(moment).contains("account_id_seq_acct_date_idx").doesNotContain("Seq Scan");
    }

    private String plan(String query) {
        return Objects.requireNonNull(transaction.execute(status -> {
            jdbc.sql("SET LOCAL enable_seqscan = off").update();
            return String.join(
                    " -> ", jdbc.sql("EXPLAIN " + query).query(String.class).list());
        }));
    }

    private void someBookings() {
        var user = newUser();
        var payment = newKey("P");
        keeper.recharge(user, payment, 1000, 77);
        keeper.spend(user, newKey("S"), 333);
        keeper.hold(user, newKey("H"), 222);
        keeper.refundRecharge(user, newKey("F"), payment, 100);
    }

    private void assertThatItEqualsThePostings() {
        var trial = books.trialBalance(LocalDate.EPOCH, books.today());
        var sums = jdbc.sql("""
                        SELECT a.gl_code, coalesce(sum(p.amount) FILTER (WHERE p.amount > 0), 0),
                               coalesce(-sum(p.amount) FILTER (WHERE p.amount < 0), 0)
                        FROM wallet.posting p JOIN wallet.account a USING (account_id) GROUP BY a.gl_code ORDER BY 1
                        """)
                .query((row, number) -> row.getString(1) + " " + row.getLong(2) + " " + row.getLong(3))
                .list();

        assertThat(trial.codes().stream()
                        .filter(code -> !code.turnover().empty())
                        .map(code -> "%s %d %d"
                                .formatted(
                                        code.code(),
                                        code.turnover().debit().minorUnits(),
                                        code.turnover().credit().minorUnits())))
                .containsExactlyElementsOf(sums);
        assertThat(trial.total().opening()).isEqualTo(Money.fen(0));
        assertThat(trial.total().closing()).isEqualTo(Money.fen(0));
        assertThat(trial.total().debit()).isEqualTo(trial.total().credit());
    }

    private static Turnover turnover(TrialBalance trial, String code) {
        return trial.codes().stream()
                .filter(line -> line.code().equals(code))
                .findFirst()
                .orElseThrow()
                .turnover();
    }
}
