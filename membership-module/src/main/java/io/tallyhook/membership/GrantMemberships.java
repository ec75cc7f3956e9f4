package io.tallyhook.membership;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.Fulfilment;
import io.tallyhook.payment.Fulfilments;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.PaymentsConfirmed;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;

/** Turns confirmed payments into grants: the first payment of a purchase grants it, any other is a surplus. */
@Component
class GrantMemberships {

    /** Who paid first is granted first, whatever the payments' numbers. */
    private static final Comparator<ConfirmedPayment> BY_TIME_OF_PAYMENT =
            Comparator.comparing(ConfirmedPayment::paidAt).thenComparing(ConfirmedPayment::outTradeNo);

    private final LockedPurchases purchases;
    private final Lines lines;
    private final Fulfilments fulfilments;
    private final Clock clock;

    GrantMemberships(LockedPurchases purchases, Lines lines, Fulfilments fulfilments, Clock clock) {
        this.purchases = purchases;
        this.lines = lines;
        this.fulfilments = fulfilments;
        this.clock = clock;
    }

    @ApplicationModuleListener(
            id = "membership.payments",
            condition = "#event.purpose() == 'VIP'",
            propagation = Propagation.NOT_SUPPORTED)
    void on(PaymentsConfirmed event) {
        fulfilments.run(event, this::apply);
    }

    private List<Fulfilment> apply(List<ConfirmedPayment> payments) {
        var locked = purchases.lock(
                payments.stream().map(ConfirmedPayment::reference).toList());
        var granting = new LinkedHashMap<String, ConfirmedPayment>();
        var answers = new ArrayList<Fulfilment>(payments.size());
        for (var payment : payments) {
            answers.add(decide(payment, locked.get(payment.reference()), granting));
        }
        if (!granting.isEmpty()) {
            grant(granting.values().stream().sorted(BY_TIME_OF_PAYMENT).toList(), locked);
        }
        return answers;
    }

    /** @param granting the payments of this batch that are granted, by purchase; this one joins them if it is */
    private static Fulfilment decide(
            ConfirmedPayment payment,
            LockedPurchases.@Nullable Locked purchase,
            Map<String, ConfirmedPayment> granting) {
        if (purchase == null) {
            throw new IllegalStateException("Payment %s pays for membership purchase %s, which does not exist"
                    .formatted(payment.outTradeNo(), payment.reference()));
        }
        if (!purchase.amount().equals(payment.money())) {
            throw new IllegalStateException("Payment %s is of %s, but membership purchase %s costs %s"
                    .formatted(payment.outTradeNo(), payment.money(), purchase.purchaseNo(), purchase.amount()));
        }
        if (payment.outTradeNo().equals(purchase.paidBy())) {
            return payment.fulfilled();
        }
        if (purchase.paidBy() != null || granting.containsKey(purchase.purchaseNo())) {
            return payment.refused(ParkingReason.SURPLUS);
        }
        if (purchase.state() == PurchaseState.CANCELLED) {
            return payment.refused(ParkingReason.CANCELLED_BEFORE);
        }
        granting.put(purchase.purchaseNo(), payment);
        return payment.fulfilled();
    }

    private void grant(List<ConfirmedPayment> payments, Map<String, LockedPurchases.Locked> locked) {
        var bought = payments.stream()
                .map(payment -> Objects.requireNonNull(locked.get(payment.reference())))
                .toList();
        var standing = lines.lock(bought.stream()
                .map(purchase -> purchase.userId().value())
                .collect(Collectors.toCollection(TreeSet::new)));
        // After the locks: time has passed while waiting for them.
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var additions = new ArrayList<Lines.Addition>(payments.size());
        for (int i = 0; i < payments.size(); i++) {
            var purchase = bought.get(i);
            var stretch =
                    Objects.requireNonNull(standing.get(purchase.userId())).extend(now, purchase.days());
            standing.put(purchase.userId(), stretch.line());
            additions.add(new Lines.Addition(purchase.grant(payments.get(i).outTradeNo(), stretch), stretch));
        }
        lines.add(additions, now);
        purchases.markGranted(payments, now);
    }
}
