package io.tallyhook.access.login;

import java.time.Instant;
import java.util.Optional;

/**
 * A person who may work in the admin pages.
 *
 * @param oneTimeUntil set while the password is a one-time password: until when it is good
 */
record Administrator(String username, String passwordHash, Optional<Instant> oneTimeUntil) {

    boolean mustChangePassword() {
        return oneTimeUntil.isPresent();
    }

    boolean expired(Instant now) {
        return oneTimeUntil.filter(until -> !now.isBefore(until)).isPresent();
    }
}
