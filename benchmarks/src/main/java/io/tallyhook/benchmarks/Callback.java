package io.tallyhook.benchmarks;

import java.time.Clock;
import java.util.List;

/**
 * A callback that can be sent.
 *
 * @param genuine whether the provider signed it
 */
record Callback(OpenPayment payment, boolean genuine, byte[] request) {

    static List<Callback> genuine(List<OpenPayment> payments, Provider provider, Clock clock) {
        return payments.parallelStream()
                .map(payment -> new Callback(payment, true, provider.paid(payment, clock.instant())))
                .toList();
    }

    static List<Callback> forged(List<OpenPayment> payments, Provider provider, Clock clock) {
        return payments.parallelStream()
                .map(payment -> new Callback(payment, false, provider.forged(payment, clock.instant())))
                .toList();
    }
}
