package io.tallyhook.wallet.books;

import io.tallyhook.payment.UserId;
import java.time.LocalDate;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * The same lists as in {@link Books}, but whole: line after line as the database hands them out, never all at once. Belongs
 * into a transaction, whose snapshot then is that of the whole list.
 */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class Extracts {

    /** How many lines are in memory at a time. */
    private static final int AT_A_TIME = 500;

    private final StatementLines statements;
    private final AccountLines accounts;
    private final HoldLines holds;

    Extracts(StatementLines statements, AccountLines accounts, HoldLines holds) {
        this.statements = statements;
        this.accounts = accounts;
        this.holds = holds;
    }

    /** A user's statement, newest first. */
    public void statement(UserId userId, StatementFilter filter, Consumer<StatementLine> reader) {
        statements.each(userId, filter, AT_A_TIME, reader);
    }

    /** The lines of a platform's account, newest first. */
    public void account(long accountId, LocalDate from, LocalDate to, Consumer<AccountLine> reader) {
        accounts.each(accountId, from, to, AT_A_TIME, reader);
    }

    /** All holds that are open. */
    public void openHolds(HoldOrder order, Consumer<HoldLine> reader) {
        holds.each(order, AT_A_TIME, reader);
    }
}
