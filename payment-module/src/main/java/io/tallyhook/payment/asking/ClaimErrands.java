package io.tallyhook.payment.asking;

import io.tallyhook.payment.asking.Errand.Account;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes what is due at an account, as much of it as the account's budget allows, and writes down that it is being asked: all
 * in one short transaction, before anybody is called.
 */
@Component
class ClaimErrands {

    private static final Logger log = LoggerFactory.getLogger(ClaimErrands.class);

    private final DueErrands due;
    private final Budgets budgets;
    private final Questions questions;
    private final TransactionTemplate transaction;
    private final Clock clock;

    ClaimErrands(
            DueErrands due,
            Budgets budgets,
            Questions questions,
            PlatformTransactionManager transactions,
            Clock clock) {
        this.due = due;
        this.budgets = budgets;
        this.questions = questions;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    List<Account> accounts() {
        return due.accounts(clock.instant());
    }

    /** @param most how many the caller can do now */
    List<Errand> claim(Account account, int most) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var taken = new ArrayList<Errand>();
        // What is over goes at once, even if nothing may be asked now: most payments are paid before they are asked
        // about.
        while (look(account, now, most, taken) > DueErrands.LOOK / 2) {
            log.debug("More is over at {} than one look takes", account);
        }
        return taken;
    }

    /** @return how many were over */
    private int look(Account account, Instant now, int most, List<Errand> taken) {
        return transaction.execute(status -> {
            int left = Math.min(most - taken.size(), budgets.left(account, now));
            var looked = due.look(account, now);
            var begun = looked.pending().stream().limit(left).toList();
            due.remove(looked.over());
            due.lease(begun);
            budgets.take(account, begun.size());
            questions.asked(begun.stream().filter(Errand::askable).toList());
            taken.addAll(begun);
            return looked.over().size();
        });
    }
}
