package io.tallyhook.sandbox.simulator;

import java.net.URI;
import java.util.function.IntFunction;

/**
 * One fact a provider wants the merchant to know, and keeps telling until it is heard.
 *
 * @param id the provider's id of it, the same in all attempts
 * @param kind what it tells, for people: {@code TRANSACTION.SUCCESS}, {@code TRADE_CLOSED} …
 * @param repeated whether it is told again when it was not heard
 * @param signed the request of an attempt, counted from 1, signed at that moment
 */
record Notification(
        String id,
        SimulatedProvider provider,
        String outTradeNo,
        String kind,
        URI url,
        boolean repeated,
        IntFunction<SignedRequest> signed) {}
