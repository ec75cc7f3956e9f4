package io.tallyhook.wallet.books;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.books.CodeAccounts.UserAccount;
import io.tallyhook.wallet.books.TrialBalance.CodeLine;
import io.tallyhook.wallet.books.TrialBalance.Turnover;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/**
 * The books to be read. Every answer is exact at the moment it is given, and changes nothing; a balance that was asked for
 * as of a moment stays the same for ever once that moment is over.
 */
@Component
public class Books {

    /** The books are kept in Beijing time. */
    public static final ZoneId BEIJING = ZoneId.of("Asia/Shanghai");

    /** Open lots and holds on a card; the lists behind them have all. */
    private static final int ON_A_CARD = 20;

    private final BalancesAt balances;
    private final Lots lots;
    private final LotStories stories;
    private final HoldLines holds;
    private final StatementLines statements;
    private final Vouchers vouchers;
    private final TurnoverRows turnover;
    private final UserAccounts users;
    private final AccountLines lines;
    private final Clock clock;

    Books(
            BalancesAt balances,
            Lots lots,
            LotStories stories,
            HoldLines holds,
            StatementLines statements,
            Vouchers vouchers,
            TurnoverRows turnover,
            UserAccounts users,
            AccountLines lines,
            Clock clock) {
        this.balances = balances;
        this.lots = lots;
        this.stories = stories;
        this.holds = holds;
        this.statements = statements;
        this.vouchers = vouchers;
        this.turnover = turnover;
        this.users = users;
        this.lines = lines;
        this.clock = clock;
    }

    /** Today, as the books count days. */
    public LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), BEIJING);
    }

    /**
     * A user's wallet; empty for a user who was never seen.
     *
     * @param moment the balances have all that was booked by then, and nothing else; absent: as they are now
     */
    @Transactional(isolation = Isolation.REPEATABLE_READ, readOnly = true)
    public WalletCard card(UserId userId, @Nullable Instant moment) {
        return new WalletCard(
                userId, balances.of(userId, moment), lots.open(userId, ON_A_CARD), holds.of(userId, ON_A_CARD));
    }

    /** All lots of a user, newest first, also those of which nothing is left. */
    public Page<Lot> lots(UserId userId, Paging paging) {
        return lots.all(userId, paging);
    }

    /**
     * What became of a lot, and what of it could be refunded now.
     *
     * @throws Refusal (404) if the user has no such lot
     */
    @Transactional(isolation = Isolation.REPEATABLE_READ, readOnly = true)
    public LotStory lot(UserId userId, long lotId) {
        return stories.of(userId, find(userId, lotId));
    }

    /**
     * How much bonus would go with a refund of this much principal.
     *
     * @throws Refusal (400) if it is more than the lot has left, or nothing
     */
    public Money forgone(LotStory story, Money amount) {
        if (!amount.isPositive() || amount.compareTo(story.refundable()) > 0) {
            throw Refusal.badField(
                    "amount", "must be 0.01 to " + story.refundable().plain());
        }
        return stories.forgone(story.lot(), amount);
    }

    private Lot find(UserId userId, long lotId) {
        return lots.find(userId, lotId).orElseThrow(() -> Refusal.notFound("lot", Long.toString(lotId)));
    }

    /** A user's statement, newest first. */
    public Page<StatementLine> statement(UserId userId, StatementFilter filter, Paging paging) {
        return statements.page(userId, filter, paging);
    }

    /**
     * A journal with all that belongs to it.
     *
     * @throws Refusal (404) if there is none with this number
     */
    @Transactional(isolation = Isolation.REPEATABLE_READ, readOnly = true)
    public Voucher voucher(long journalId) {
        return vouchers.get(journalId);
    }

    /** All codes over some days of the books. */
    @Transactional(isolation = Isolation.REPEATABLE_READ, readOnly = true)
    public TrialBalance trialBalance(LocalDate from, LocalDate to) {
        var codes = turnover.byCode(from, to);
        var total = codes.stream().map(CodeLine::turnover).reduce(Turnover.NOTHING, Turnover::plus);
        return new TrialBalance(from, to, codes, total);
    }

    /**
     * One code over some days of the books, with the platform's accounts that it consists of.
     *
     * @throws Refusal (404) if the chart has no such code
     */
    @Transactional(isolation = Isolation.REPEATABLE_READ, readOnly = true)
    public CodeAccounts accounts(String code, LocalDate from, LocalDate to) {
        var line = turnover.ofCode(code, from, to).orElseThrow(() -> Refusal.notFound("account code", code));
        return new CodeAccounts(from, to, line, turnover.byAccount(code, from, to));
    }

    /**
     * The users' accounts of a code that are not empty, the largest first.
     *
     * @param to the day at whose end the closing balances are wanted
     */
    public Page<UserAccount> users(String code, LocalDate to, Paging paging) {
        return users.page(code, to, paging);
    }

    /** The lines of a platform's account, newest first. */
    public Page<AccountLine> lines(long accountId, LocalDate from, LocalDate to, Paging paging) {
        return lines.page(accountId, from, to, paging);
    }

    /** All holds that are open. */
    public Page<HoldLine> openHolds(HoldOrder order, Paging paging) {
        return holds.open(order, paging);
    }
}
