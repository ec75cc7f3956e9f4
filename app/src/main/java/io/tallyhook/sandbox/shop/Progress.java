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
 * @param given what came of it: as {@code purpose}, and {@code RECHARGE} if it was credited to the wallet instead
 * @param amount in fen
 * @param refundedAmount in fen
 * @param attempts the callbacks the provider has sent, the newest first
 * @param taken the lines of the wallet's statement, if it was paid from the balance
 * @param got what the customer has now, once it is fulfilled
 */
record Progress(
        String outTradeNo,
        String purpose,
        String given,
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
        List<WalletLine> taken,
        Optional<Got> got) {

    /** The provider that pays from the balance. */
    static final String WALLET = "wallet";

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

    /** Whether it was paid from the balance, so that no provider calls about it. */
    public boolean fromBalance() {
        return provider.equals(WALLET);
    }

    /** Whether the customer may still pay from the balance instead. */
    public boolean payableFromBalance() {
        return simulated() && !paid() && !purpose.equals("RECHARGE");
    }

    /**
     * What was taken from the balance.
     *
     * @param part {@code PRINCIPAL}, {@code BONUS}
     * @return in fen, never below zero
     */
    public long taken(String part) {
        return -taken.stream()
                .filter(line -> line.part().equals(part))
                .mapToLong(WalletLine::amount)
                .sum();
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
