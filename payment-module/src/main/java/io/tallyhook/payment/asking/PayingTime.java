package io.tallyhook.payment.asking;

import java.time.Duration;
import java.time.Instant;

/**
 * How long people usually take to pay by one method of an account, as far as that was learned.
 *
 * @param usual nine of ten paid payments were paid within it
 * @param firstQuestion how long after opening the provider is asked first: the usual time, within bounds
 * @param learnedFrom from how many payments
 */
public record PayingTime(
        String provider,
        String account,
        String method,
        Duration usual,
        Duration firstQuestion,
        long learnedFrom,
        Instant learnedAt) {}
