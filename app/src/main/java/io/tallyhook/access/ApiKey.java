package io.tallyhook.access;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * An API key as people see it: never the key itself.
 *
 * @param hint the key's first characters
 * @param lastUsedAt exact to a minute
 */
public record ApiKey(
        long id,
        String name,
        String hint,
        Set<Scope> scopes,
        Instant createdAt,
        String createdBy,
        Optional<Instant> lastUsedAt,
        Optional<Instant> revokedAt) {

    public String state() {
        return revokedAt.isPresent() ? "REVOKED" : "ACTIVE";
    }
}
