package io.tallyhook.payment;

import io.tallyhook.payment.fulfilment.DuePayments;
import io.tallyhook.payment.fulfilment.FulfilmentSettings;
import io.tallyhook.payment.fulfilment.Joined;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs the effect of confirmed payments exactly once.
 *
 * <p>A listener hands over its event and a function. The function is called in a transaction in which the payments are
 * locked and still due; what it writes and the record that it was done commit together. Events of one purpose that come
 * while another is handed out are handed out together after it, by one call. If the function throws for a batch, each
 * payment is tried alone, so that a poisoned one harms nobody else; one that throws alone is tried again later with
 * growing gaps until it is parked. One that must wait is tried again, however often, and never parked for it.
 *
 * <p>The function must lock only rows of its own module, after the payments, which are locked in the order of their
 * numbers.
 */
@Component
public class Fulfilments {

    private static final Logger log = LoggerFactory.getLogger(Fulfilments.class);

    private final DuePayments due;
    private final TransactionTemplate transaction;
    private final ApplicationEventPublisher events;
    private final FulfilmentSettings settings;
    private final ConcurrentMap<String, Joined<PaymentsConfirmed>> joined = new ConcurrentHashMap<>();

    Fulfilments(
            DuePayments due,
            PlatformTransactionManager transactions,
            ApplicationEventPublisher events,
            FulfilmentSettings settings) {
        this.due = due;
        this.settings = settings;
        this.transaction = new TransactionTemplate(transactions);
        this.transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.events = events;
    }

    /**
     * Hands out what the payments of the event paid for.
     *
     * @param event as heard; the payments in it that are not due any more are left out
     * @param apply hands out for a batch and answers once for each payment: done, refused with a reason, or that it must
     *     wait; what it throws is recorded and tried again later. The same for all events of a purpose: it may be called
     *     for payments of other events as well
     */
    public void run(PaymentsConfirmed event, Function<List<ConfirmedPayment>, List<Fulfilment>> apply) {
        try {
            withOthers(event, apply);
        } catch (RuntimeException | Error e) {
            if (event.payments().size() == 1) {
                failed(event.purpose(), event.payments().getFirst(), e);
                return;
            }
            log.warn(
                    "A batch of {} {} payments failed, each is tried alone",
                    event.payments().size(),
                    event.purpose(),
                    e);
            for (var payment : event.payments()) {
                try {
                    attempt(new PaymentsConfirmed(event.purpose(), List.of(payment), event.again()), apply);
                } catch (RuntimeException | Error alone) {
                    failed(event.purpose(), payment, alone);
                }
            }
        }
    }

    /** What the sweep brings comes in batches already, and is parted on purpose when it has killed its listener. */
    private void withOthers(PaymentsConfirmed event, Function<List<ConfirmedPayment>, List<Fulfilment>> apply) {
        if (event.again()) {
            attempt(event, apply);
            return;
        }
        joined(event.purpose()).run(event, several -> attempt(together(several), apply));
    }

    private Joined<PaymentsConfirmed> joined(String purpose) {
        return joined.computeIfAbsent(purpose, any -> new Joined<>(settings.joinedEvents(), settings.joinedPatience()));
    }

    /** How many events of a purpose wait for those before them now. */
    int waiting(String purpose) {
        return joined(purpose).waiting();
    }

    private static PaymentsConfirmed together(List<PaymentsConfirmed> several) {
        return new PaymentsConfirmed(
                several.getFirst().purpose(),
                several.stream().flatMap(event -> event.payments().stream()).toList());
    }

    private void attempt(PaymentsConfirmed event, Function<List<ConfirmedPayment>, List<Fulfilment>> apply) {
        var done = transaction.execute(status -> {
            var locked = due.lock(event.purpose(), event.payments());
            if (locked.isEmpty()) {
                return List.<String>of();
            }
            var answers = apply.apply(locked);
            requireOneAnswerEach(locked, answers);
            due.settle(answers, event.again());
            return answers.stream()
                    .filter(Fulfilment.Done.class::isInstance)
                    .map(Fulfilment::outTradeNo)
                    .toList();
        });
        if (!done.isEmpty()) {
            transaction.executeWithoutResult(
                    status -> events.publishEvent(new PaymentsFulfilled(event.purpose(), done)));
        }
    }

    private void failed(String purpose, ConfirmedPayment payment, Throwable cause) {
        log.error("Payment {} is paid but its {} could not be handed out", payment.outTradeNo(), purpose, cause);
        transaction.executeWithoutResult(status -> due.failed(payment.outTradeNo(), cause));
    }

    private static void requireOneAnswerEach(List<ConfirmedPayment> asked, List<Fulfilment> answers) {
        var open = new HashSet<String>();
        asked.forEach(payment -> open.add(payment.outTradeNo()));
        var wrong = new ArrayList<String>();
        for (var answer : answers) {
            if (!open.remove(answer.outTradeNo())) {
                wrong.add(answer.outTradeNo());
            }
        }
        if (!open.isEmpty() || !wrong.isEmpty()) {
            throw new IllegalStateException(
                    "A listener must answer once for each payment: no answer for %s, one too many for %s"
                            .formatted(open, wrong));
        }
    }
}
