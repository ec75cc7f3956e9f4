package io.tallyhook.access.login;

import java.time.Instant;
import java.util.Optional;
import org.springframework.modulith.NamedInterface;

/**
 * Somebody who works in the admin pages, or did.
 *
 * @param addedBy who let this person in; absent for the first
 * @param oneTimeUntil until when the one-time password is good; absent once a password of one's own was chosen
 * @param deactivatedAt when this person was shut out; what was done under the name stays attributed to it
 */
@NamedInterface("people")
public record Person(
        String username,
        Instant createdAt,
        Optional<String> addedBy,
        Optional<Instant> oneTimeUntil,
        Optional<Instant> deactivatedAt,
        Optional<String> deactivatedBy) {

    public boolean active() {
        return deactivatedAt.isEmpty();
    }

    /** {@code ACTIVE}, {@code INVITED}, or {@code DEACTIVATED}. */
    public String state() {
        return active() ? oneTimeUntil.isPresent() ? "INVITED" : "ACTIVE" : "DEACTIVATED";
    }
}
