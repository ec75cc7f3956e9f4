package io.tallyhook.payment.simulation;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.Fulfilment;
import io.tallyhook.payment.ParkingReason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The module that hands out, in changing moods. What it writes counts only if its transaction is committed. */
final class Module implements World.Listener {

    /** What it does with a payment. */
    enum Mood {
        WELL,
        WAITING,
        THROWING,
        REFUSING
    }

    private final World world;
    private final Map<String, Mood> moods = new HashMap<>();

    Module(World world) {
        this.world = world;
    }

    void feels(String outTradeNo, Mood mood) {
        moods.put(outTradeNo, mood);
    }

    @Override
    public List<Fulfilment> apply(List<ConfirmedPayment> payments) {
        return payments.stream().map(this::handOut).toList();
    }

    private Fulfilment handOut(ConfirmedPayment payment) {
        return switch (moods.getOrDefault(payment.outTradeNo(), Mood.WELL)) {
            case WELL -> {
                world.handOut(payment.outTradeNo());
                yield payment.fulfilled();
            }
            case THROWING -> {
                // After the effect: it must go with the transaction.
                world.handOut(payment.outTradeNo());
                throw new IllegalStateException("No");
            }
            case WAITING -> payment.waits("an audit");
            case REFUSING -> payment.refused(ParkingReason.SURPLUS);
        };
    }
}
