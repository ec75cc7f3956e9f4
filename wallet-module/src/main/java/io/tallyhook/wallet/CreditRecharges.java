package io.tallyhook.wallet;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.Fulfilment;
import io.tallyhook.payment.Fulfilments;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.PaymentsConfirmed;
import io.tallyhook.wallet.ledger.Credit;
import io.tallyhook.wallet.ledger.Ledger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;

/** Credits paid recharges: each once, by the first of its payments that was paid. */
@Component
class CreditRecharges {

    private static final String STANDS_STILL =
            "The ledger of this wallet stands still until a person has looked at it; see the ledger's proof.";

    private final Fulfilments fulfilments;
    private final Recharges recharges;
    private final Ledger ledger;

    CreditRecharges(Fulfilments fulfilments, Recharges recharges, Ledger ledger) {
        this.fulfilments = fulfilments;
        this.recharges = recharges;
        this.ledger = ledger;
    }

    @ApplicationModuleListener(
            id = "wallet.recharges",
            condition = "#event.purpose() == 'RECHARGE'",
            propagation = Propagation.NOT_SUPPORTED)
    void on(PaymentsConfirmed event) {
        fulfilments.run(event, this::apply);
    }

    List<Fulfilment> apply(List<ConfirmedPayment> payments) {
        var stopped = ledger.stopped(payments.stream()
                .map(payment -> payment.user().shard())
                .distinct()
                .toList());
        Map<Boolean, List<ConfirmedPayment>> byStop = payments.stream()
                .collect(Collectors.partitioningBy(
                        payment -> stopped.contains(payment.user().shard())));
        var answers = new ArrayList<>(credit(byStop.getOrDefault(false, List.of())));
        byStop.getOrDefault(true, List.of()).forEach(payment -> answers.add(payment.waits(STANDS_STILL)));
        return answers;
    }

    private List<Fulfilment> credit(List<ConfirmedPayment> payments) {
        var locked = recharges
                .lock(payments.stream()
                        .map(ConfirmedPayment::reference)
                        .distinct()
                        .toList())
                .stream()
                .collect(Collectors.toMap(Recharge::rechargeNo, Function.identity()));
        var toCredit = new LinkedHashMap<String, ConfirmedPayment>();
        var answers = new ArrayList<Fulfilment>();
        for (var payment : inOrderOfPayment(payments)) {
            answers.add(decide(payment, of(payment, locked), toCredit));
        }
        if (!toCredit.isEmpty()) {
            ledger.credit(toCredit.values().stream()
                    .map(payment -> credit(payment, of(payment, locked)))
                    .toList());
            recharges.credited(toCredit.values());
        }
        return answers;
    }

    /** @param toCredit the payment that credits each recharge, by its number; grows */
    private static Fulfilment decide(
            ConfirmedPayment payment, Recharge recharge, Map<String, ConfirmedPayment> toCredit) {
        return switch (recharge.state()) {
            case AWAITING_PAYMENT ->
                toCredit.putIfAbsent(recharge.rechargeNo(), payment) == null
                        ? payment.fulfilled()
                        : payment.refused(ParkingReason.SURPLUS);
            case CREDITED, REFUNDED ->
                recharge.paidBy().equals(Optional.of(payment.outTradeNo()))
                        ? payment.fulfilled()
                        : payment.refused(ParkingReason.SURPLUS);
            case CANCELLED -> payment.refused(ParkingReason.CANCELLED_BEFORE);
        };
    }

    /** The recharge that a payment is for. What differs cannot have come about by any right way, so it is not booked. */
    private static Recharge of(ConfirmedPayment payment, Map<String, Recharge> locked) {
        var recharge = locked.get(payment.reference());
        if (recharge == null) {
            throw new IllegalStateException("Payment %s is for the recharge %s, which does not exist"
                    .formatted(payment.outTradeNo(), payment.reference()));
        }
        boolean paidAsAsked = payment.received() == payment.amount();
        if (!paidAsAsked
                || !recharge.amount().equals(payment.money())
                || !recharge.userId().equals(payment.user())) {
            throw new IllegalStateException("Payment %s of %s, paid with %d, by %s is for the recharge %s of %s by %s"
                    .formatted(
                            payment.outTradeNo(),
                            payment.money(),
                            payment.received(),
                            payment.userId(),
                            recharge.rechargeNo(),
                            recharge.amount(),
                            recharge.userId()));
        }
        return recharge;
    }

    private static Credit credit(ConfirmedPayment payment, Recharge recharge) {
        return Credit.of(payment, recharge.bonus(), recharge.bonusExpiresAfterDays());
    }

    private static List<ConfirmedPayment> inOrderOfPayment(List<ConfirmedPayment> payments) {
        return payments.stream()
                .sorted(Comparator.comparing(ConfirmedPayment::paidAt).thenComparing(ConfirmedPayment::outTradeNo))
                .toList();
    }
}
