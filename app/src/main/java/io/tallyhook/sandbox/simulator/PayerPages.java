package io.tallyhook.sandbox.simulator;

import java.net.URI;

/** Where a payer's device is sent for an order: the sandbox's stand-in for the wallet on the phone. */
@FunctionalInterface
public interface PayerPages {

    URI of(SimulatedProvider provider, String outTradeNo);
}
