package io.tallyhook.benchmarks;

/**
 * A payment that waits to be called back about.
 *
 * @param amount in minor units
 */
record OpenPayment(String outTradeNo, long amount) {

    /** What the provider calls it. */
    String transactionId() {
        return "4200" + outTradeNo.substring(3);
    }
}
