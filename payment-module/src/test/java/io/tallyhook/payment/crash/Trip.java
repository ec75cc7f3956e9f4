package io.tallyhook.payment.crash;

import java.util.function.BooleanSupplier;

/**
 * A way that is gone once.
 *
 * @param happens what somebody does once; the process may be killed at any point of it
 * @param again what he does afterwards until he is answered
 * @param kept whether the promise is kept
 */
record Trip(String outTradeNo, Runnable happens, Runnable again, BooleanSupplier kept) {}
