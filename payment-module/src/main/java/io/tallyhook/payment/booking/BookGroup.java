package io.tallyhook.payment.booking;

import io.tallyhook.payment.booking.Intake.Alongside;
import io.tallyhook.payment.booking.Intake.Decided;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Books a group in one transaction and answers everybody in it, whatever happens.
 *
 * <p>A member that cannot be booked is found by splitting the group and harms nobody else. Trouble with the database is
 * told to all of the group: nothing is promised, and the providers come again.
 */
final class BookGroup {

    private static final Logger log = LoggerFactory.getLogger(BookGroup.class);

    private final ConfirmPayments confirmPayments;
    private final TransactionTemplate transaction;

    BookGroup(ConfirmPayments confirmPayments, PlatformTransactionManager transactions) {
        this.confirmPayments = confirmPayments;
        this.transaction = new TransactionTemplate(transactions);
    }

    void book(List<Waiting> group) {
        if (group.isEmpty()) {
            return;
        }
        try {
            var decisions = inOneTransaction(group);
            for (int i = 0; i < group.size(); i++) {
                group.get(i).answer().complete(decisions.get(i));
            }
        } catch (RuntimeException | Error e) {
            if (group.size() > 1 && oneIsToBlame(e)) {
                log.warn("A group of {} is refused; it is split to find the poisoned one", group.size(), e);
                book(group.subList(0, group.size() / 2));
                book(group.subList(group.size() / 2, group.size()));
                return;
            }
            refuse(group, e);
        }
    }

    /**
     * Whether a member is to blame: the database refuses one of its values, or our own rules fail on it. Trouble with
     * the connection, a lock, the commit or the machine is nobody's.
     */
    private static boolean oneIsToBlame(Throwable e) {
        return e instanceof DataIntegrityViolationException
                || !(e instanceof DataAccessException || e instanceof TransactionException || e instanceof Error);
    }

    private static void refuse(List<Waiting> group, Throwable cause) {
        log.error(
                "A group of {}, first payment {}, could not be booked; the providers are told to come again",
                group.size(),
                group.getFirst().booking().fact().outTradeNo(),
                cause);
        group.forEach(waiting -> waiting.answer().completeExceptionally(cause));
    }

    private List<Decision> inOneTransaction(List<Waiting> group) {
        return transaction.execute(status -> confirmPayments.book(
                group.stream().map(Waiting::booking).toList(), decisions -> writeAlongside(group, decisions)));
    }

    private static void writeAlongside(List<Waiting> group, List<Decision> decisions) {
        var byWriter = new LinkedHashMap<Alongside, List<Decided>>();
        for (int i = 0; i < group.size(); i++) {
            byWriter.computeIfAbsent(group.get(i).alongside(), any -> new ArrayList<>())
                    .add(new Decided(group.get(i).attachment(), decisions.get(i)));
        }
        byWriter.forEach(Alongside::write);
    }
}
