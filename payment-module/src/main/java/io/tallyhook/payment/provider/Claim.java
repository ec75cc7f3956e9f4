package io.tallyhook.payment.provider;

import java.util.Map;

/**
 * For whom a message says it is, or for whom it must be: some of {@link Check#APP_ID}, {@link Check#MERCHANT_ID} and
 * {@link Check#SELLER} with their values.
 */
public record Claim(Map<Check, String> parties) {

    public Claim {
        parties = Map.copyOf(parties);
    }
}
