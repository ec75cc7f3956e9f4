package io.tallyhook.benchmarks;

import java.time.Instant;
import java.util.Map;

/** A provider at which the shop has an account: what it sends, signed with a key that was made for this run. */
interface Provider {

    /** The name of the shop's account at it. */
    String ACCOUNT = "main";

    String name();

    /** What the application has to know of the account, under {@code tallyhook.providers}. */
    Map<String, String> settings();

    /** The whole request that tells of a payment, ready to be sent. */
    byte[] paid(OpenPayment payment, Instant at);

    /** The same, signed by somebody else. */
    byte[] forged(OpenPayment payment, Instant at);
}
