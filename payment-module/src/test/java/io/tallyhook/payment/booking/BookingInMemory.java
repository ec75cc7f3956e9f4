package io.tallyhook.payment.booking;

import io.tallyhook.payment.fulfilment.FulfilmentSettings;
import io.tallyhook.payment.provider.CallbackProtocol;
import io.tallyhook.payment.provider.Fact;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.Nowhere;

/** The real booking, over a store in memory. */
public final class BookingInMemory {

    private static final IntakeSettings SETTINGS = new IntakeSettings(1, 1, Duration.ofSeconds(4));

    private BookingInMemory() {}

    /** What the SQL of this package does. */
    public interface Store {

        Optional<KnownPayment> find(String outTradeNo);

        void write(Decision.Change change);

        /** Others that pay for the same are due to be closed. */
        void hurrySiblingsOf(String outTradeNo);

        void askSoon(String outTradeNo, String refundNo);
    }

    public static PaymentsUnderDecision payments(Store store) {
        return new PaymentsUnderDecision(Nowhere.jdbc()) {
            @Override
            public Map<String, KnownPayment> lock(Collection<String> outTradeNos) {
                return look(outTradeNos);
            }

            @Override
            Locked lockWithSiblings(Collection<String> outTradeNos) {
                return new Locked(look(outTradeNos), Set.copyOf(outTradeNos));
            }

            @Override
            public Map<String, KnownPayment> look(Collection<String> outTradeNos) {
                var known = new LinkedHashMap<String, KnownPayment>();
                outTradeNos.forEach(number -> store.find(number).ifPresent(payment -> known.put(number, payment)));
                return known;
            }
        };
    }

    public static ConfirmPayments confirmPayments(
            Store store,
            PaymentsUnderDecision payments,
            ApplicationEventPublisher events,
            FulfilmentSettings settings,
            Clock clock) {
        var refunds = new EndedRefunds(Nowhere.jdbc()) {
            @Override
            void askSoon(List<Fact.Refunded> abnormal) {
                abnormal.forEach(fact -> store.askSoon(fact.outTradeNo(), Objects.requireNonNull(fact.refundNo())));
            }
        };
        var writer = new DecisionWriter(Nowhere.jdbc(), refunds) {
            @Override
            void write(List<Decision.Change> changes, Duration lease) {
                changes.forEach(store::write);
            }
        };
        var siblings = new HurrySiblings(Nowhere.jdbc(), Nowhere.beans(List.of()), clock) {
            @Override
            void of(List<Decision.Change> changes, Set<String> withSiblings) {
                changes.stream()
                        .filter(change -> change.after().state().wasPaid()
                                && !change.before().state().wasPaid())
                        .forEach(change -> store.hurrySiblingsOf(change.after().outTradeNo()));
            }
        };
        return new ConfirmPayments(payments, writer, siblings, refunds, Nowhere.beans(List.of()), events, settings);
    }

    /** Books at once, on the caller's own thread. */
    public static Intake intake(
            ConfirmPayments confirmPayments,
            PlatformTransactionManager transactions,
            List<CallbackProtocol> protocols) {
        var transaction = new TransactionTemplate(transactions);
        return new Intake(confirmPayments, transactions, SETTINGS, protocols) {
            @Override
            public Decision book(Booking booking, Object attachment, Alongside alongside) {
                return transaction
                        .execute(status -> confirmPayments.book(List.of(booking), decided -> {}))
                        .getFirst();
            }
        };
    }
}
