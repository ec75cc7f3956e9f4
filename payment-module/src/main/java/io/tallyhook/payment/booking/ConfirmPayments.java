package io.tallyhook.payment.booking;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.PaymentsConfirmed;
import io.tallyhook.payment.fulfilment.FulfilmentSettings;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.Fact.RefundResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Books facts: locks the payments that they name, decides each, writes what changes and tells the modules, all in one
 * transaction. The only place that marks a payment paid.
 */
@Component
public class ConfirmPayments {

    private final PaymentsUnderDecision payments;
    private final DecisionWriter writer;
    private final HurrySiblings hurrySiblings;
    private final ApplicationEventPublisher events;
    private final FulfilmentSettings settings;
    private final EndedRefunds refunds;
    private final ObjectProvider<RefundsMoved> refundsMoved;

    ConfirmPayments(
            PaymentsUnderDecision payments,
            DecisionWriter writer,
            HurrySiblings hurrySiblings,
            EndedRefunds refunds,
            ObjectProvider<RefundsMoved> refundsMoved,
            ApplicationEventPublisher events,
            FulfilmentSettings settings) {
        this.payments = payments;
        this.writer = writer;
        this.hurrySiblings = hurrySiblings;
        this.refunds = refunds;
        this.refundsMoved = refundsMoved;
        this.events = events;
        this.settings = settings;
    }

    /**
     * Books a group of facts in the running transaction, which must be {@code READ COMMITTED}.
     *
     * @param alongside writes what belongs to the decisions, such as the callback log, before the modules are told
     * @return one decision for each booking, in their order
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public List<Decision> book(List<Booking> bookings, Consumer<List<Decision>> alongside) {
        var locked = payments.lockWithSiblings(
                bookings.stream().map(booking -> booking.fact().outTradeNo()).toList());
        var current = new HashMap<>(locked.payments());
        var decisions = new ArrayList<Decision>(bookings.size());
        for (var booking : bookings) {
            var number = booking.fact().outTradeNo();
            var decision = Decide.decide(booking, Optional.ofNullable(current.get(number)));
            decision.change().ifPresent(change -> current.put(number, change.after()));
            decisions.add(decision);
        }
        var changes = decisions.stream()
                .flatMap(decision -> decision.change().stream())
                .toList();
        writer.write(changes, settings.lease());
        hurrySiblings.of(changes, locked.withOpenSiblings());
        refundsMoved(bookings, decisions);
        alongside.accept(decisions);
        // Published last: an event of a transaction that then rolls back would stay in the registry's memory for ever.
        tell(changes);
        return decisions;
    }

    private void refundsMoved(List<Booking> bookings, List<Decision> decisions) {
        var abnormal = new ArrayList<Fact.Refunded>();
        boolean ended = false;
        for (int i = 0; i < bookings.size(); i++) {
            if (bookings.get(i).fact() instanceof Fact.Refunded fact) {
                ended |= decisions.get(i).change().isPresent();
                if (fact.result() == RefundResult.ABNORMAL && decisions.get(i).outcome() == Outcome.IGNORED) {
                    abnormal.add(fact);
                }
            }
        }
        refunds.askSoon(abnormal);
        if (ended || !abnormal.isEmpty()) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    refundsMoved.forEach(RefundsMoved::hint);
                }
            });
        }
    }

    private void tell(List<Decision.Change> changes) {
        var byPurpose = new TreeMap<String, List<ConfirmedPayment>>();
        for (var change : changes) {
            var payment = change.after();
            if (payment.state() == PaymentState.PAID && payment.fulfilment() == FulfilmentState.PENDING) {
                byPurpose
                        .computeIfAbsent(payment.purpose(), any -> new ArrayList<>())
                        .add(confirmed(payment));
            }
        }
        byPurpose.forEach((purpose, confirmed) -> events.publishEvent(new PaymentsConfirmed(purpose, confirmed)));
    }

    private static ConfirmedPayment confirmed(KnownPayment payment) {
        return new ConfirmedPayment(
                payment.outTradeNo(),
                payment.reference(),
                payment.userId().value(),
                payment.amount().minorUnits(),
                payment.amount().currency().getCurrencyCode(),
                payment.provider(),
                payment.account(),
                Objects.requireNonNull(payment.providerTransactionId()),
                Objects.requireNonNull(payment.paidAt()),
                payment.received().minorUnits());
    }
}
