package io.tallyhook.sandbox.shop;

import io.tallyhook.sandbox.simulator.Attempt;
import io.tallyhook.sandbox.simulator.SimulatedProvider;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a payment has come, as the shop reads it from the merchant API.
 *
 * @param purpose {@code GOODS}, {@code RECHARGE}, {@code VIP}
 * @param amount in fen
 * @param refundedAmount in fen
 * @param attempts the callbacks the provider has sent, the newest first
 * @param got what the customer has now, once it is fulfilled
 */
record Progress(
        String outTradeNo,
        String purpose,
        String reference,
        String userId,
        String provider,
        String method,
        String state,
        String fulfilment,
        String fulfilmentReason,
        long amount,
        long refundedAmount,
        List<Attempt> attempts,
        Optional<Got> got) {

    /**
     * What the customer has.
     *
     * @param orderState of a goods order
     * @param principal and bonus of the wallet, in fen
     * @param until when the membership ends
     */
    record Got(
            String orderState,
            long principal,
            long bonus,
            @Nullable Instant until) {}

    public boolean paid() {
        return !state.equals("PENDING") && !state.equals("CLOSED");
    }

    public boolean fulfilled() {
        return fulfilment.equals("SUCCEEDED");
    }

    public boolean closed() {
        return state.equals("CLOSED");
    }

    /** Whether its provider is one of those played here, so that there is a page to pay it or to misbehave at. */
    public boolean simulated() {
        return SimulatedProvider.of(provider).isPresent();
    }

    /** Whether something may still happen by itself. */
    public boolean running() {
        var repeats = attempts.stream().anyMatch(attempt -> attempt.nextAt() != null && !attempt.accepted());
        return switch (fulfilment) {
            case "SUCCEEDED", "PARKED", "CANCELLED", "REVERSED" -> false;
            default -> !closed() || repeats;
        };
    }
}
