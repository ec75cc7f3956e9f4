package io.tallyhook.payment.policy;

import io.tallyhook.payment.ParkingReason;

/**
 * A payment that waits for its policy.
 *
 * @param amount in minor units
 * @param again whether a policy has acted for the same reason before
 */
record ParkedPayment(String outTradeNo, String purpose, ParkingReason reason, long amount, boolean again) {

    /** The setting that says what is done with it. */
    String decidedBy() {
        return "policy:%s.%s"
                .formatted(purpose, PolicyCase.of(reason).map(PolicyCase::key).orElse("none"));
    }
}
