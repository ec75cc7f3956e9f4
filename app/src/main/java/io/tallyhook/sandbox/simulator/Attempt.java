package io.tallyhook.sandbox.simulator;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One callback as it was sent and what came back.
 *
 * @param number of this notification's attempts, from 1
 * @param requestBody its beginning
 * @param status of the reply; absent if there was none
 * @param reply the reply's body, or why there was none
 * @param accepted whether the provider takes the reply for a success
 * @param nextAt when it will be tried again; absent if it will not
 */
public record Attempt(
        String notificationId,
        SimulatedProvider provider,
        String outTradeNo,
        String kind,
        int number,
        Instant sentAt,
        URI url,
        Map<String, String> requestHeaders,
        String requestBody,
        @Nullable Integer status,
        String reply,
        Duration duration,
        boolean accepted,
        @Nullable Instant nextAt) {}
