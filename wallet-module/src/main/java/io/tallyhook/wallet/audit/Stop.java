package io.tallyhook.wallet.audit;

import java.time.Instant;
import java.util.Optional;

/**
 * A shard that takes no postings, because something in it was found wrong.
 *
 * @param invariant which one was broken first
 * @param subject what was wrong, such as {@code account 17}
 * @param fault in which way
 */
public record Stop(
        long stopId,
        int shard,
        String invariant,
        String subject,
        String fault,
        Instant stoppedAt,
        Optional<Resumption> resumption) {

    /** Who let it go on, and why. */
    public record Resumption(Instant at, String person, String note) {}
}
