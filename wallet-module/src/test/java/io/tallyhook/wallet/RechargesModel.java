package io.tallyhook.wallet;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.WalletEntry.Part;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What recharges mean, in plain Java and one thread: the oracle of the random stories. */
final class RechargesModel {

    /** What goes wrong in a delivery after the effect was written. */
    enum Trouble {
        NEVER,
        IN_BATCHES,
        ALWAYS
    }

    private final Map<String, Recharge> recharges = new HashMap<>();
    private final Map<String, RechargeState> states = new HashMap<>();
    private final Map<String, String> paidBy = new HashMap<>();
    private final Map<String, String> fulfilments = new HashMap<>();

    void made(Recharge recharge) {
        recharges.put(recharge.rechargeNo(), recharge);
        states.put(recharge.rechargeNo(), RechargeState.AWAITING_PAYMENT);
    }

    boolean isPayable(Recharge recharge) {
        return state(recharge) == RechargeState.AWAITING_PAYMENT;
    }

    void paid(ConfirmedPayment payment) {
        fulfilments.put(payment.outTradeNo(), "PENDING");
    }

    void cancelled(Recharge recharge) {
        states.put(recharge.rechargeNo(), RechargeState.CANCELLED);
    }

    void delivered(List<ConfirmedPayment> batch, Trouble trouble) {
        batch.stream()
                .filter(payment -> List.of("PENDING", "FAILED").contains(fulfilment(payment)))
                .sorted(Comparator.comparing(ConfirmedPayment::paidAt).thenComparing(ConfirmedPayment::outTradeNo))
                .forEach(payment ->
                        fulfilments.put(payment.outTradeNo(), trouble == Trouble.ALWAYS ? "FAILED" : handOut(payment)));
    }

    private String handOut(ConfirmedPayment payment) {
        return switch (states.get(payment.reference())) {
            case AWAITING_PAYMENT -> {
                states.put(payment.reference(), RechargeState.CREDITED);
                paidBy.put(payment.reference(), payment.outTradeNo());
                yield "SUCCEEDED";
            }
            case CANCELLED -> "PARKED CANCELLED_BEFORE";
            case CREDITED, REFUNDED -> "PARKED SURPLUS";
            case null -> throw new IllegalArgumentException(payment.reference());
        };
    }

    String fulfilment(ConfirmedPayment payment) {
        return fulfilments.getOrDefault(payment.outTradeNo(), "NONE");
    }

    RechargeState state(Recharge recharge) {
        return states.getOrDefault(recharge.rechargeNo(), RechargeState.CANCELLED);
    }

    Optional<String> paidBy(Recharge recharge) {
        return Optional.ofNullable(paidBy.get(recharge.rechargeNo()));
    }

    long balance(UserId user, Part part) {
        return lines(user, part).stream().mapToLong(Long::longValue).sum();
    }

    List<Long> lines(UserId user, Part part) {
        var lines = new ArrayList<Long>();
        for (var recharge : recharges.values()) {
            long amount = (part == Part.PRINCIPAL ? recharge.amount() : recharge.bonus()).minorUnits();
            if (recharge.userId().equals(user) && state(recharge) == RechargeState.CREDITED && amount > 0) {
                lines.add(amount);
            }
        }
        return lines;
    }
}
