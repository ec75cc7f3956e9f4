package io.tallyhook.payment.provider;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * One HTTP request of a provider, as it arrived.
 *
 * @param id made on arrival
 * @param provider from the address it was sent to
 * @param account from the address it was sent to
 * @param headers those we keep, by lower-case name
 * @param body the raw bytes; nobody may change them
 */
public record Delivery(
        UUID id, Instant arrivedAt, String provider, String account, Map<String, String> headers, byte[] body) {

    public Optional<String> header(String lowerCaseName) {
        return Optional.ofNullable(headers.get(lowerCaseName));
    }
}
